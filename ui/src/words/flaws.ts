/** What is wrong with a document, in words. Pure. */
import type { DocumentKind } from '../../contract/DocumentKind';
import type { Flaw } from '../../contract/Flaw';
import type { Values, Words } from './words';

/** Which document, where it lies, and what is wrong with it. */
export interface Flawed {
  readonly document: DocumentKind;
  readonly url: string;
  readonly flaw: Flaw;
}

const MEBIBYTE = 1024 * 1024;

/** What the sentences about it need. */
export function flawValues(words: Words, flawed: Flawed): Values {
  const { document, url } = flawed;
  const host = URL.canParse(url) ? new URL(url).host : url;
  return { document, url, host, wrong: wrongWords(words, flawed) };
}

/** Which document at which address is wrong in which way: one sentence. */
export function wrongWords(words: Words, { document, url, flaw }: Flawed): string {
  return words.say(`flaw-${flaw.kind}`, { what: words.say(`document-${document}`), url, ...partsOf(words, flaw) });
}

function partsOf(words: Words, flaw: Flaw): Values {
  const json = (type: string) => words.say(`json-${type}`);
  switch (flaw.kind) {
    case 'empty':
    case 'notUtf8':
    case 'webPage':
      return {};
    case 'tooLarge':
      return { limit: String(flaw.limit / MEBIBYTE) };
    case 'notJson':
    case 'cutShort':
      return placeOf(flaw);
    case 'tooDeep':
      return { limit: String(flaw.limit), ...placeOf(flaw) };
    case 'repeated':
      return { member: flaw.member ?? 'none', ...placeOf(flaw) };
    case 'notAnObject':
      return { found: json(flaw.found) };
    case 'missing':
      return { member: flaw.member };
    case 'wrongType':
      return { member: flaw.member, expected: json(flaw.expected), found: json(flaw.found) };
    case 'wrongElement':
      return { member: flaw.member, element: String(flaw.element), found: json(flaw.found) };
    case 'notAllowed':
      return { member: flaw.member, why: words.say(`not-allowed-${flaw.why}`) };
  }
}

function placeOf({ line, column }: { readonly line: number; readonly column: number }): Values {
  return { line: String(line), column: String(column) };
}
