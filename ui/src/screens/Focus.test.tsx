import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { AccountView } from '../../contract/AccountView';
import type { EventBody } from '../../contract/EventBody';
import type { ServerView } from '../../contract/ServerView';
import type { VaultView } from '../../contract/VaultView';
import type { Event } from '../../contract/Event';
import { Store } from '../state/store';
import { account, usedAs } from '../test/accounts';
import { draw, handHost } from '../test/core';
import { server, snapshot } from '../test/servers';
import { Window } from './Window';

const OPEN: VaultView = { kind: 'open', keeper: 'passphrase', lockAfter: null };
const LOCKED: VaultView = { kind: 'passphraseNeeded', wrong: false };

/** The whole window over servers, and what the core tells it. */
async function open(servers: ServerView[], vault: VaultView = OPEN) {
  const { host, asked } = handHost();
  const ears: ((event: Event) => void)[] = [];
  const listening = { ...host, listen: (ear: (event: Event) => void) => { ears.push(ear); return Promise.resolve(() => undefined); } };
  const store = new Store(listening);
  draw(listening, <Window />, store);
  const started = store.start();
  await waitFor(() => { expect(asked[0]?.name).toBe('snapshot'); });
  await act(async () => { asked[0]?.answer({ ...snapshot(1, servers), vault }); await started; });
  let seq = 1;
  const tell = async (body: EventBody) => { seq += 1; await act(async () => { ears.forEach((ear) => { ear({ seq, body }); }); await Promise.resolve(); }); };
  const answer = async (value: unknown) => { await act(async () => { asked.at(-1)?.answer(value); await Promise.resolve(); }); };
  const refuse = async (code: string) => { await act(async () => { asked.at(-1)?.refuse({ code, args: {}, server: null }); await Promise.resolve(); }); };
  const person = userEvent.setup();
  const press = async (name: string) => { await person.click(screen.getByRole('button', { name })); };
  return { asked, tell, answer, refuse, person, press };
}

const row = (name: string) => screen.getByRole('option', { name: new RegExp(`^${name}`) });
const isFocused = async (get: () => HTMLElement) => { await waitFor(() => { expect(document.activeElement).toBe(get()); }); };
const heading = (name: string) => () => screen.getByRole('heading', { level: 1, name });

test('after it was locked the passphrase can be typed, and after it was unlocked the page can be read on', async () => {
  const { tell, answer, press, person } = await open([server('a')]);
  await press('Settings');
  await press('Lock now');
  await tell({ kind: 'vault', vault: LOCKED });
  await answer(LOCKED);
  const field = screen.getByLabelText('Passphrase');
  await isFocused(() => field);
  await person.type(field, 'correct horse battery{Enter}');
  await tell({ kind: 'vault', vault: OPEN });
  await answer(OPEN);
  await isFocused(heading('Settings'));
});

test('a dialog that is open when it locks keeps the focus', async () => {
  const { tell, press } = await open([server('a')]);
  await press('Add server');
  await tell({ kind: 'vault', vault: LOCKED });
  expect(screen.getByRole('dialog').contains(document.activeElement)).toBe(true);
});

test('after a server was deleted the row in its place has the focus', async () => {
  const { tell, answer, press, person } = await open([server('a'), server('b'), server('c')]);
  for (const [gone, heir] of [['b', 'c'], ['c', 'a']] as const) {
    await person.click(row(gone));
    await press('More actions');
    await person.click(screen.getByRole('menuitem', { name: 'Delete' }));
    await person.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Delete' }));
    await tell({ kind: 'serverDeleted', id: gone });
    await answer(null);
    await isFocused(() => row(heir));
  }
});

test('a button that was switched off while it had the focus has it again when it can be used', async () => {
  const { refuse, press } = await open([server('a', { state: { kind: 'signInNeeded', reason: 'rejected' } })]);
  await press('Reconnect');
  await refuse('timedOut');
  await isFocused(heading('a'));
  const head = within(screen.getByRole('banner')).getByRole('button', { name: 'Reconnect' });
  await userEvent.setup().click(head);
  await refuse('timedOut');
  await isFocused(() => head);
});

test('after signing out the focus is still at the server', async () => {
  const one = usedAs(account('ada'));
  const { tell, answer, press, person } = await open([one]);
  await person.click(screen.getByRole('option'));
  await press('Disconnect');
  await press('Sign out and disconnect');
  await tell({ kind: 'server', server: { ...one, state: { kind: 'off' }, account: null, accounts: [] } });
  await answer(null);
  await isFocused(heading('Linear'));
});

test('an account that is used here again keeps the focus, on its card and on its server’s page', async () => {
  const moved = (...others: readonly AccountView[]) => ({ ...usedAs(account('ada', { needs: 'handedOver' }), ...others), state: { kind: 'signInNeeded', reason: 'handedOver' } }) as const;
  const { tell, answer, press, person } = await open([moved(account('bob', { needs: 'handedOver' }))]);
  await person.click(screen.getByRole('option'));
  await person.click(screen.getByRole('tab', { name: 'Accounts 2' }));
  await press('Use here again: bob@example.com');
  await person.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Use here again' }));
  await tell({ kind: 'server', server: moved(account('bob')) });
  await answer(null);
  await isFocused(() => screen.getByRole('button', { name: 'More actions for bob@example.com' }));
  await press('Use here again');
  await person.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Use here again' }));
  await tell({ kind: 'server', server: usedAs(account('ada'), account('bob')) });
  await answer(null);
  await isFocused(heading('Linear'));
});

test('when a file is made, what opened the dialog has the focus again', async () => {
  const { answer, press, person } = await open([server('a')]);
  await press('Settings');
  await press('Save…');
  await person.type(screen.getByLabelText('Passphrase for the file'), 'correct horse battery');
  await person.type(screen.getByLabelText('The same once more'), 'correct horse battery{Enter}');
  await answer({ path: '/x', servers: 1, accounts: 0 });
  await press('Done');
  await isFocused(() => screen.getByRole('button', { name: 'Save…' }));
});

test('whoever clicks beside everything has the focus nowhere', async () => {
  const { tell, person, press } = await open([server('a')]);
  await press('Settings');
  await person.click(document.body);
  await tell({ kind: 'server', server: server('a', { name: 'other' }) });
  expect(document.activeElement).toBe(document.body);
});
