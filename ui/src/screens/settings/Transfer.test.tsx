import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../../test/core';
import { Taken } from './Taken';
import { Transfer } from './Transfer';

const LONG = 'correct horse battery';

function open(hasAccounts = true) {
  const core = handHost();
  draw(core.host, <Transfer hasServers hasAccounts={hasAccounts} isOpen folder="/home/ada/Downloads" />);
  const answer = async (value: unknown) => { await act(async () => { core.asked.at(-1)?.answer(value); await Promise.resolve(); }); };
  const refuse = async (code: string) => { await act(async () => { core.asked.at(-1)?.refuse({ code, args: {}, server: null }); await Promise.resolve(); }); };
  const person = userEvent.setup();
  const press = async (name: string) => { await person.click(within(screen.getByRole('dialog')).getByRole('button', { name })); };
  return { ...core, answer, refuse, person, press };
}

test('a file is made without the accounts unless they are to move, and its path is told', async () => {
  const { asked, answer, person } = open();
  await person.click(screen.getByRole('button', { name: 'Save…' }));
  expect(screen.getByText(/It is put in \/home\/ada\/Downloads\./)).toBeTruthy();
  await person.type(screen.getByLabelText('Passphrase for the file'), LONG);
  await person.type(screen.getByLabelText('The same once more'), `${LONG}{Enter}`);
  expect(asked[0]).toMatchObject({ name: 'exportServers', argument: { passphrase: LONG, accounts: false } });
  await answer({ path: '/data/exports/1.usher', servers: 3, accounts: 0, staying: 0 });
  expect(screen.getByText('/data/exports/1.usher')).toBeTruthy();
  expect(screen.queryByText(/rest here/)).toBeNull();
});

test('that accounts move is said before and after', async () => {
  const { asked, answer, person } = open();
  await person.click(screen.getByRole('button', { name: 'Save…' }));
  await person.click(screen.getByRole('checkbox', { name: 'Take accounts, keys and secrets along' }));
  expect(screen.getByText(/The accounts move\..*those that renew themselves rest here/)).toBeTruthy();
  await person.type(screen.getByLabelText('Passphrase for the file'), LONG);
  await person.type(screen.getByLabelText('The same once more'), `${LONG}{Enter}`);
  expect(asked[0]).toMatchObject({ argument: { accounts: true } });
  await answer({ path: '/x', servers: 3, accounts: 2, staying: 1 });
  expect(screen.getByText(/2 accounts move with it/)).toBeTruthy();
  expect(screen.getByText(/renew themselves rest here from now on/)).toBeTruthy();
  expect(screen.getByText(/One account stays here/)).toBeTruthy();
});

test('accounts are not spoken of where there are none', async () => {
  const { person } = open(false);
  await person.click(screen.getByRole('button', { name: 'Save…' }));
  expect(screen.queryByRole('checkbox')).toBeNull();
});

test('what is not taken in is said, with what to do about it', () => {
  const result = { added: 0, known: 3, accounts: 1, accountsKnown: 2, accountsLeftOut: 2, accountsDamaged: 1, needsSignIn: 0 };
  draw(handHost().host, <Taken result={result} isSecret onClose={() => undefined} />);
  const told = screen.getByRole('status').textContent;
  expect(told).toContain('2 accounts are here already');
  expect(told).toMatch(/2 accounts were not taken in,.*choose “Use here again” there/);
  expect(told).toContain('One account in the file makes no sense');
});

test('what is in a file is shown before it is taken in', async () => {
  const { asked, answer, refuse, person, press } = open();
  await person.click(screen.getByRole('button', { name: 'Import…' }));
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  expect(input?.accept).toBe('.usher');
  await person.upload(input as HTMLInputElement, new File(['sealed'], 'ada.usher'));
  expect(await screen.findByText('ada.usher')).toBeTruthy();
  const field = screen.getByLabelText<HTMLInputElement>('Passphrase of the file');
  await person.type(field, 'no{Enter}');
  await refuse('exportLocked');
  expect(field.value).toBe('');
  expect(screen.getByText(/This does not open the file/)).toBeTruthy();
  await person.type(field, `${LONG}{Enter}`);
  expect(asked.at(-1)).toMatchObject({ name: 'readExport', argument: { text: 'sealed', passphrase: LONG } });
  await answer({ madeAt: 1, servers: [{ name: 'One', url: 'https://one.example/mcp', accounts: 2, secret: true, known: true }, { name: 'Two', url: 'https://two.example/mcp', accounts: 0, secret: true, known: false }] });
  const [one, two] = screen.getAllByRole('listitem');
  expect(one?.textContent).toContain('2 accountshere already');
  expect(two?.textContent).toContain('API key or secret');
  expect(two?.textContent).not.toContain('already');
  expect(asked.some((call) => call.name === 'importServers')).toBe(false);
  await press('Import');
  expect(asked.at(-1)).toMatchObject({ name: 'importServers', argument: { text: 'sealed', passphrase: LONG } });
  await answer({ added: 1, known: 1, accounts: 2, accountsKnown: 0, accountsLeftOut: 0, accountsDamaged: 0, needsSignIn: 0 });
  expect(screen.getByRole('status').textContent).toBe('One server was added. One was here already and stays as it was. 2 accounts came along.Press Connect at each server that you want to use here; before that, nothing is used. Then delete the file, here and wherever you copied it: it still holds what came in it, under its passphrase.');
});

test('a file that was at fault is chosen anew, and what was typed is kept', async () => {
  const { answer, refuse, person } = open();
  await person.click(screen.getByRole('button', { name: 'Import…' }));
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  await person.upload(input as HTMLInputElement, new File(['half'], 'half.usher'));
  expect(await screen.findByText('half.usher')).toBeTruthy();
  const field = screen.getByLabelText<HTMLInputElement>('Passphrase of the file');
  await person.type(field, `${LONG}{Enter}`);
  await refuse('exportDamaged');
  expect(field.value).toBe(LONG);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose a file…' }));
  await person.type(field, '{Enter}');
  await answer({ madeAt: 1, servers: [] });
  expect(screen.getByRole('dialog', { name: 'In this file' })).toBeTruthy();
});
