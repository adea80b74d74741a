/** Errors in words. */
import type { AppError } from '../../contract/AppError';
import type { Words } from './words';

/** What happened. `host` stands in where the core named none. */
export function happened(words: Words, error: AppError, host = ''): string {
  return words.say(`error-${error.code}`, { host, ...error.args });
}

/** What to do now. */
export function nextStep(words: Words, error: AppError, host = ''): string {
  return words.say(`error-${error.code}.next`, { host, ...error.args });
}

/** A few words for a row. */
export function inShort(words: Words, error: AppError): string {
  return words.say(`error-${error.code}.short`, error.args);
}
