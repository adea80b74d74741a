import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { VaultView } from '../../../contract/VaultView';
import { draw, handHost } from '../../test/core';
import { Keys } from './Keys';

const KEYCHAIN: VaultView = { kind: 'open', keeper: 'keychain', lockAfter: null };
const PASSPHRASE: VaultView = { kind: 'open', keeper: 'passphrase', lockAfter: 60 };
const LONG = 'correct horse battery';

function open(vault: VaultView, running: readonly string[] = []) {
  const core = handHost();
  draw(core.host, <Keys vault={vault} running={running} />);
  const answer = async (value: unknown) => { await act(async () => { core.asked.at(-1)?.answer(value); await Promise.resolve(); }); };
  const refuse = async (code: string) => { await act(async () => { core.asked.at(-1)?.refuse({ code, args: {}, server: null }); await Promise.resolve(); }); };
  return { ...core, answer, refuse, person: userEvent.setup() };
}

test('it says where the key is kept, and offers what fits', () => {
  open(KEYCHAIN);
  expect(screen.getByText(/lies in your system's keychain/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Lock now' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Change…' })).toBeNull();
});

test('new keys are made after a word on what that means, without a passphrase where there is none', async () => {
  const { asked, answer, person } = open(KEYCHAIN);
  await person.click(screen.getByRole('button', { name: 'Make new keys…' }));
  expect(asked).toEqual([]);
  expect(screen.queryByLabelText('Passphrase')).toBeNull();
  await person.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Make new keys' }));
  expect(asked[0]).toMatchObject({ name: 'rotateKey', argument: { passphrase: null } });
  await answer(KEYCHAIN);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByRole('status').textContent).toContain('Nothing has to be signed in again');
});

test('a passphrase is asked for before new keys are made; a wrong one is said at its field, which is empty then', async () => {
  const { asked, refuse, person } = open(PASSPHRASE);
  await person.click(screen.getByRole('button', { name: 'Make new keys…' }));
  const field = screen.getByLabelText<HTMLInputElement>('Passphrase');
  expect([field.type, field.autocomplete]).toEqual(['password', 'off']);
  await person.type(field, 'no{Enter}');
  expect(asked[0]).toMatchObject({ name: 'rotateKey', argument: { passphrase: 'no' } });
  await refuse('passphraseWrong');
  expect(field.value).toBe('');
  expect(screen.getByText(/That passphrase is wrong/)).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a passphrase in place of the keychain is typed twice', async () => {
  const { asked, person } = open(KEYCHAIN);
  await person.click(screen.getByRole('button', { name: 'Choose a passphrase…' }));
  expect(screen.getByText(/you type it at each start/)).toBeTruthy();
  await person.type(screen.getByLabelText('Passphrase'), `${LONG}{Enter}`);
  expect(asked).toEqual([]);
  await person.type(screen.getByLabelText('The same once more'), `${LONG}{Enter}`);
  expect(asked[0]).toMatchObject({ name: 'choosePassphrase', argument: { passphrase: LONG } });
});

test('the passphrase is changed with the old one, and that is said', async () => {
  const { asked, answer, person } = open(PASSPHRASE);
  await person.click(screen.getByRole('button', { name: 'Change…' }));
  await person.type(screen.getByLabelText('Current passphrase'), 'the old one');
  await person.type(screen.getByLabelText('New passphrase'), LONG);
  await person.type(screen.getByLabelText('The same once more'), `${LONG}{Enter}`);
  expect(asked[0]).toMatchObject({ name: 'changePassphrase', argument: { old: 'the old one', new: LONG } });
  await answer(PASSPHRASE);
  expect(screen.getByRole('status').textContent).toContain('counts from now on');
});

test('the keychain comes in place of the passphrase for whoever knows it', async () => {
  const { asked, refuse, person } = open(PASSPHRASE);
  await person.click(screen.getByRole('button', { name: 'Use the keychain…' }));
  await person.click(screen.getByRole('button', { name: 'Use the keychain' }));
  expect(asked).toEqual([]);
  await person.type(screen.getByLabelText('Passphrase'), 'no{Enter}');
  expect(asked[0]).toMatchObject({ name: 'useKeychain', argument: { passphrase: 'no' } });
  await refuse('passphraseWrong');
  expect(screen.getByText(/That passphrase is wrong/)).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  await person.type(screen.getByLabelText('Passphrase'), `${LONG}{Enter}`);
  expect(asked[1]).toMatchObject({ name: 'useKeychain', argument: { passphrase: LONG } });
});

test('it locks at once, and by itself after as long as is chosen', async () => {
  const { asked, answer, person } = open(PASSPHRASE);
  await person.click(screen.getByRole('button', { name: 'Lock now' }));
  expect(asked[0]).toMatchObject({ name: 'lockVault', argument: null });
  await answer(PASSPHRASE);
  expect(screen.getByRole('button', { name: /Lock by itself/ }).textContent).toContain('After 1 hour');
  for (const [label, minutes] of [['After 8 hours', 480], ['Never', null]] as const) {
    await person.click(screen.getByRole('button', { name: /Lock by itself/ }));
    await person.click(screen.getByRole('option', { name: label }));
    expect(asked.at(-1)).toMatchObject({ name: 'setAutoLock', argument: { minutes } });
    await answer(PASSPHRASE);
  }
});

test('while a tool runs it asks before it locks, as that ends the call', async () => {
  const { asked, person } = open(PASSPHRASE, ['slow at Shop']);
  await person.click(screen.getByRole('button', { name: 'Lock now' }));
  const dialog = screen.getByRole('alertdialog', { name: 'Lock while a tool is running?' });
  expect(within(dialog).getByText(/^slow at Shop is still running\..*its answer is lost/)).toBeTruthy();
  await person.click(within(dialog).getByRole('button', { name: 'Not now' }));
  expect(asked).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Lock now' }));
  await person.click(screen.getByRole('button', { name: 'Lock anyway' }));
  expect(asked[0]).toMatchObject({ name: 'lockVault', argument: null });
});

test('a locked vault offers nothing here', () => {
  open({ kind: 'passphraseNeeded', wrong: false });
  expect(screen.queryByRole('button')).toBeNull();
});
