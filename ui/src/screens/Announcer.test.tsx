import { LocalizationProvider } from '@fluent/react';
import { cleanup, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { ServerView } from '../../contract/ServerView';
import type { VaultView } from '../../contract/VaultView';
import type { Known } from '../state/state';
import { account, usedAs } from '../test/accounts';
import { server } from '../test/servers';
import { localization } from '../words/words';
import { Announcer } from './Announcer';

const OPEN: VaultView = { kind: 'open', keeper: 'passphrase', lockAfter: null };
const LOCKED: VaultView = { kind: 'passphraseNeeded', wrong: false };
const asking = (id: string) => server('a', { question: { id, tool: 'save', message: '', schema: {}, more: 0 } });

function heard(...moments: readonly (readonly [ServerView, VaultView, Known['asked']?])[]): string | null {
  const at = (moment: (typeof moments)[number]) => (
    <LocalizationProvider l10n={localization}><Announcer servers={[moment[0]]} vault={moment[1]} asked={moment[2] ?? {}} /></LocalizationProvider>
  );
  const [first, ...rest] = moments;
  if (!first) return null;
  const { rerender } = render(at(first));
  rest.forEach((moment) => { rerender(at(moment)); });
  return screen.getByRole('status').textContent;
}

test('that the vault was locked is said aloud, and that it was opened', () => {
  const still = server('a');
  expect(heard([still, OPEN], [still, LOCKED])).toBe('Enter your passphrase');
  cleanup();
  expect(heard([still, OPEN], [still, LOCKED], [still, OPEN])).toBe('Usher is unlocked.');
});

test('that the keychain has lost the key is said aloud, and that something keeps it again', () => {
  const still = server('a');
  const lost: VaultView = { kind: 'open', keeper: 'nobody', lockAfter: null };
  expect(heard([still, { ...lost, keeper: 'keychain' }], [still, lost])).toBe('Your keychain has lost the key. Usher has it until you quit.');
  cleanup();
  expect(heard([still, lost], [still, OPEN])).toMatch(/locked with your passphrase/);
});

test('a wrong passphrase is said by its field alone', () => {
  const still = server('a');
  expect(heard([still, LOCKED], [still, { ...LOCKED, wrong: true }])).toBe('');
});

test('a further question is told from the one before', () => {
  expect(heard([server('a'), OPEN], [asking('q1'), OPEN, { 'a save': { question: 'q1', number: 1 } }], [asking('q2'), OPEN, { 'a save': { question: 'q2', number: 2 } }])).toBe('a asks you something more, question 2.');
});

test('after signing out nobody is said to be signed in', () => {
  const used = usedAs(account('ada'));
  const left = { ...used, state: { kind: 'off' } } as const;
  expect(heard([used, OPEN], [left, OPEN])).toBe('Linear: Not connected');
  cleanup();
  expect(heard([used, OPEN], [left, OPEN], [{ ...left, account: null, accounts: [] }, OPEN])).toBe('Linear: signed out and not connected.');
});

test('that a server is deleted is said in place of how it was', () => {
  const at = (servers: readonly ServerView[]) => <LocalizationProvider l10n={localization}><Announcer servers={servers} vault={OPEN} asked={{}} /></LocalizationProvider>;
  const { rerender } = render(at([server('a'), server('b')]));
  rerender(at([server('b')]));
  expect(screen.getByRole('status').textContent).toBe('a is deleted.');
});

test('a sign-in that rests because it was locked has not ended', () => {
  const signIn = { id: 's', purpose: { kind: 'connect' }, expiresAt: 1, stage: { kind: 'preparing' } } as const;
  const signing = server('a', { signIn });
  expect(heard([signing, OPEN], [server('a'), OPEN])).toBe('');
  cleanup();
  expect(heard([signing, OPEN], [server('a', { lastOutcome: { kind: 'timedOut' } }), OPEN])).toBe('a: the sign-in ended without success.');
});
