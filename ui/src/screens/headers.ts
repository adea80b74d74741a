/** What is wrong with headers that were typed. Pure. */
import type { NewHeader } from '../../contract/NewHeader';

/** RFC 9110 §5.6.2: what the name of a header is made of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[\t\u0020-\u007e]*$/;

export type HeaderProblem = 'name-missing' | 'name-wrong' | 'value-wrong' | 'value-named';

/** A name or a value that could not be sent as it is, and which of the two it is. */
export function headerProblem({ name, value }: NewHeader): HeaderProblem | null {
  const bare = name.trim();
  if (bare === '' && value !== '') return 'name-missing';
  if (bare !== '' && !TOKEN.test(bare)) return 'name-wrong';
  if (bare !== '' && value.trimStart().toLowerCase().startsWith(`${bare.toLowerCase()}:`)) return 'value-named';
  return PRINTABLE.test(value) ? null : 'value-wrong';
}

export function hasHeaderProblem(headers: readonly NewHeader[]): boolean {
  return headers.some((header) => headerProblem(header) !== null);
}
