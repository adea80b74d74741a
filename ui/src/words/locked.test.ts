import { expect, test } from 'vitest';

import { account, usedAs } from '../test/accounts';
import { server } from '../test/servers';
import { isLocked } from './locked';

const LOCKED = { kind: 'passphraseNeeded', wrong: false } as const;
const signedIn = { ...usedAs(account('ada')), state: { kind: 'off' } } as const;

test('what waits for a passphrase is locked, and what needs something out of a locked keychain', () => {
  expect(isLocked(LOCKED, signedIn)).toBe(true);
  expect(isLocked(LOCKED, server('a', { authKind: 'open' }))).toBe(true);
  expect(isLocked({ kind: 'keychainLocked' }, server('a', { headers: [{ name: 'X-Key' }] }))).toBe(true);
});

test('what needs nothing of it, or is connected all the same, is not', () => {
  expect(isLocked({ kind: 'keychainLocked' }, server('a', { authKind: 'open' }))).toBe(false);
  expect(isLocked(LOCKED, { ...signedIn, state: { kind: 'ready' } })).toBe(false);
  expect(isLocked({ kind: 'open', keeper: 'passphrase', lockAfter: null }, signedIn)).toBe(false);
});
