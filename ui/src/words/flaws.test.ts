import { expect, test } from 'vitest';

import type { Flaw } from '../../contract/Flaw';
import { flawValues, wrongWords } from './flaws';
import { localization, wordsOf } from './words';

const words = wordsOf(localization);
const url = 'https://auth.example:8443/.well-known/oauth-authorization-server';
const told = (flaw: Flaw) => wrongWords(words, { document: 'serverMetadata', url, flaw });

test('a sentence says which document is wrong, where it lies, and how', () => {
  expect(told({ kind: 'missing', member: 'token_endpoint' })).toBe(`The provider's metadata at ${url} lacks the entry “token_endpoint”.`);
  expect(told({ kind: 'wrongType', member: 'scopes_supported', expected: 'strings', found: 'string' })).toBe(`The provider's metadata at ${url} has a string as “scopes_supported” where an array of strings belongs.`);
  expect(told({ kind: 'tooLarge', limit: 1_048_576 })).toBe(`The provider's metadata at ${url} is larger than 1 MiB.`);
  expect(told({ kind: 'cutShort', line: 1200, column: 7 })).toBe(`The provider's metadata at ${url} is incomplete: it breaks off at line 1200, column 7.`);
  expect(told({ kind: 'notAllowed', member: 'token_endpoint', why: 'notAUrl' })).toBe(`The provider's metadata at ${url} has a “token_endpoint” that is not a complete address.`);
});

test('an entry that occurs twice is named only if Usher knows its name', () => {
  expect(told({ kind: 'repeated', member: 'issuer', line: 3, column: 11 })).toContain('has the entry “issuer” twice');
  expect(told({ kind: 'repeated', member: null, line: 3, column: 11 })).toContain('has one entry twice');
});

test('whoever runs the place is named by its host', () => {
  expect(flawValues(words, { document: 'tokens', url: 'https://auth.example:8443/token?…', flaw: { kind: 'webPage' } })).toMatchObject({ host: 'auth.example:8443', document: 'tokens' });
});
