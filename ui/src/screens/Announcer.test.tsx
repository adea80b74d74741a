import { LocalizationProvider } from '@fluent/react';
import { cleanup, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { ServerView } from '../../contract/ServerView';
import type { VaultView } from '../../contract/VaultView';
import type { Known } from '../state/state';
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

test('a wrong passphrase is said by its field alone', () => {
  const still = server('a');
  expect(heard([still, LOCKED], [still, { ...LOCKED, wrong: true }])).toBe('');
});

test('a further question is told from the one before', () => {
  expect(heard([server('a'), OPEN], [asking('q1'), OPEN, { 'a save': { question: 'q1', number: 1 } }], [asking('q2'), OPEN, { 'a save': { question: 'q2', number: 2 } }])).toBe('a asks you something more, question 2.');
});
