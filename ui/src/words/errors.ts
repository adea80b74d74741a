/** Errors in words. */
import type { AppError } from '../../contract/AppError';
import { isHere } from './here';
import type { Values, Words } from './words';

/** What happened. `host` stands in where the core named none. */
export function happened(words: Words, error: AppError, host = ''): string {
  return words.say(`error-${error.code}`, valuesOf(error, host));
}

/** What to do now. */
export function nextStep(words: Words, error: AppError, host = ''): string {
  return words.say(`error-${error.code}.next`, valuesOf(error, host));
}

/** What the sentences need. Not every server names what it misses. */
function valuesOf(error: AppError, host: string): Values {
  return { host, ...error.args, named: error.args['scopes'] ? 'yes' : 'no', here: isHere(error.args['host'] ?? host) ? 'yes' : 'no' };
}

/** A few words for a row. */
export function inShort(words: Words, error: AppError): string {
  return words.say(`error-${error.code}.short`, valuesOf(error, ''));
}
