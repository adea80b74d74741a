import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { AccountView } from '../../../contract/AccountView';
import { account, usedAs } from '../../test/accounts';
import { draw, handHost } from '../../test/core';
import { Accounts } from './Accounts';

const ada = account('ada');
const bob = account('bob');
const work = account('work', { label: 'Work', labelSource: 'person' });

function open(...accounts: readonly AccountView[]) {
  const core = handHost();
  const server = usedAs(...accounts);
  draw(core.host, <Accounts server={server} />);
  const person = userEvent.setup();
  const choose = async (name: string, deed: string) => {
    await person.click(screen.getByRole('button', { name: `More actions for ${name}` }));
    await person.click(screen.getByRole('menuitem', { name: deed }));
  };
  const answer = async (value: unknown) => { await act(async () => { core.asked.at(-1)?.answer(value); await Promise.resolve(); }); };
  const refuse = async (code: string) => { await act(async () => { core.asked.at(-1)?.refuse({ code, args: {}, server: null }); await Promise.resolve(); }); };
  return { ...core, server, person, choose, answer, refuse };
}

test('where there are several it says which one is used, and the others can be', async () => {
  const { asked, person } = open(ada, bob);
  const [first, second] = screen.getAllByRole('listitem');
  expect(within(first as HTMLElement).getByText('Used now')).toBeTruthy();
  expect(within(second as HTMLElement).queryByText('Used now')).toBeNull();
  await person.click(screen.getByRole('button', { name: 'Use this account: bob@example.com' }));
  expect(asked[0]).toMatchObject({ name: 'useAccount', argument: { server: 'a', account: 'bob' } });
});

test('one alone is not said to be the one in use', () => {
  open(ada);
  expect(screen.queryByText('Used now')).toBeNull();
  expect(screen.queryByRole('button', { name: /^Use this account/ })).toBeNull();
});

test('an account that needs the person says why and offers to sign in again to that one', async () => {
  const { asked, person } = open(ada, account('bob', { needs: 'rejected' }));
  expect(screen.getByText(/auth.example no longer accepts your sign-in/)).toBeTruthy();
  await person.click(screen.getByRole('button', { name: 'Sign in again as bob@example.com' }));
  expect(asked[0]).toMatchObject({ name: 'reconnectAccount', argument: { server: 'a', account: 'bob' } });
});

test('a name is typed in place and sent trimmed', async () => {
  const { asked, person, choose, answer, server } = open(ada, bob);
  await choose('bob@example.com', 'Rename');
  const field = screen.getByLabelText('Name');
  expect(document.activeElement).toBe(field);
  await person.type(field, '  Home  {Enter}');
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ name: 'renameAccount', argument: { account: { server: 'a', account: 'bob' }, name: 'Home' } });
  await answer(server);
  expect(screen.queryByLabelText('Name')).toBeNull();
  await waitFor(() => { expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More actions for bob@example.com' })); });
});

test('an emptied name goes back to that of the provider', async () => {
  const { asked, person, choose } = open(work);
  await choose('Work', 'Rename');
  expect(screen.getByText(/the provider's name, work@example.com/)).toBeTruthy();
  await person.clear(screen.getByLabelText('Name'));
  await person.click(screen.getByRole('button', { name: 'Save' }));
  expect(asked[0]).toMatchObject({ argument: { name: '' } });
});

test('a name that cannot be kept or seen as it is is not sent', async () => {
  const { asked, person, choose } = open(ada);
  await choose('ada@example.com', 'Rename');
  const field = screen.getByLabelText('Name');
  await person.click(field);
  await person.paste('x'.repeat(122));
  expect(screen.getByText('2 characters too many.')).toBeTruthy();
  await person.type(field, '{Enter}');
  await person.clear(field);
  await person.paste('Ada\u202e');
  expect(screen.getByText(/cannot be seen/)).toBeTruthy();
  await person.type(field, '{Enter}');
  expect(asked).toHaveLength(0);
});

test('Escape leaves the name as it was', async () => {
  const { asked, person, choose } = open(ada);
  await choose('ada@example.com', 'Rename');
  await person.type(screen.getByLabelText('Name'), 'Home{Escape}');
  expect(screen.queryByLabelText('Name')).toBeNull();
  expect(asked).toHaveLength(0);
});

test('before the account in use is removed it says who takes its place: one that works', async () => {
  const { asked, choose } = open(ada, account('bob', { needs: 'expired' }), work);
  await choose('ada@example.com', 'Remove');
  const dialog = screen.getByRole('alertdialog', { name: 'Remove ada@example.com?' });
  expect(within(dialog).getByText(/Linear goes on as Work/)).toBeTruthy();
  expect(asked).toHaveLength(0);
});

test.each([
  ['revoked', 'The provider has revoked the sign-in'],
  ['notOffered', 'no way to revoke it from outside'],
  ['failed', 'could not be told to revoke it'],
  [null, 'no sign-in left to revoke'],
])('a removal tells what became of the sign-in: %s', async (revocation, words) => {
  const { asked, person, choose, answer } = open(ada, bob);
  await choose('bob@example.com', 'Remove');
  await person.click(screen.getByRole('button', { name: 'Remove' }));
  expect(asked[0]).toMatchObject({ name: 'removeAccount', argument: { server: 'a', account: 'bob' } });
  await answer({ revocation, server: usedAs(ada) });
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(screen.getByRole('status').textContent).toContain(words);
  expect(screen.getByRole('status').textContent).toContain('bob@example.com was removed.');
});

test('a removal that fails is said where it was asked for', async () => {
  const { person, choose, refuse } = open(ada, bob);
  await choose('bob@example.com', 'Remove');
  await person.click(screen.getByRole('button', { name: 'Remove' }));
  await refuse('accountGone');
  expect(within(screen.getByRole('alertdialog')).getByText('This account is no longer here.')).toBeTruthy();
});

test('another account is added beside the others', async () => {
  const { asked, person } = open(ada);
  await person.click(screen.getByRole('button', { name: 'Add another account' }));
  expect(asked[0]).toMatchObject({ name: 'addAccount', argument: { id: 'a' } });
});

test('where nobody is signed in it says what an account is for, and connects', async () => {
  const { asked, person } = open();
  expect(screen.getByText('Nobody is signed in here')).toBeTruthy();
  await person.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(asked[0]).toMatchObject({ name: 'connect', argument: { id: 'a' } });
});

test('a provider cannot hide anything in a name', () => {
  open(account('ada', { label: 'Ada\u202e' }));
  expect(screen.getByText('‹U+202E›')).toBeTruthy();
});

test('an account that moved to another computer asks nothing of the person, and is used here again only after a word on the risk', async () => {
  const { asked, person, answer } = open(ada, account('bob', { needs: 'handedOver' }));
  expect(screen.getByText(/went to another computer/)).toBeTruthy();
  expect(screen.queryByText('Needs you')).toBeNull();
  await person.click(screen.getByRole('button', { name: 'Use here again: bob@example.com' }));
  const dialog = screen.getByRole('alertdialog', { name: 'Use bob@example.com here again?' });
  expect(within(dialog).getByText(/never arrived/)).toBeTruthy();
  expect(asked).toEqual([]);
  await person.click(within(dialog).getByRole('button', { name: 'Use here again' }));
  expect(asked[0]).toMatchObject({ name: 'useHere', argument: { server: 'a', account: 'bob' } });
  await answer(usedAs(ada, bob));
  expect(screen.queryByRole('alertdialog')).toBeNull();
});
