import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ServerView } from '../../../contract/ServerView';
import { account, usedAs } from '../../test/accounts';
import { draw, handHost } from '../../test/core';
import { ServerPage } from '../ServerPage';

function open(server: ServerView, tab: 'tools' | 'settings' = 'tools') {
  const core = handHost();
  draw(core.host, <ServerPage server={server} tools={undefined} finished={false} place={{ kind: 'server', id: 'a', tab, tool: null }} onGo={() => undefined} />);
  const left = () => core.asked.filter((one) => one.name === 'disconnect').length;
  const edited = () => core.asked.filter((one) => one.name === 'editServer').length;
  return { left, edited, person: userEvent.setup() };
}

test('a disconnect that ends several accounts asks first', async () => {
  const { left, person } = open(usedAs(account('ada'), account('bob')));
  await person.click(screen.getByRole('button', { name: 'Disconnect' }));
  expect(screen.getByRole('alertdialog', { name: 'Disconnect all 2 accounts?' })).toBeTruthy();
  await person.click(screen.getByRole('button', { name: 'Keep them' }));
  expect(left()).toBe(0);
  await person.click(screen.getByRole('button', { name: 'Disconnect' }));
  await person.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Disconnect' }));
  expect(left()).toBe(1);
  expect(screen.queryByRole('alertdialog')).toBeNull();
});

test('a disconnect that ends the one sign-in asks first, and says that it is revoked', async () => {
  const { left, person } = open(usedAs(account('ada')));
  await person.click(screen.getByRole('button', { name: 'Disconnect' }));
  const dialog = screen.getByRole('alertdialog', { name: 'Disconnect Linear?' });
  expect(within(dialog).getByText(/revoked at auth.example and forgotten here/)).toBeTruthy();
  expect(left()).toBe(0);
  await person.click(screen.getByRole('button', { name: 'Sign out and disconnect' }));
  expect(left()).toBe(1);
});

test('where nobody is signed in there is nothing to ask', async () => {
  const { left, person } = open(usedAs());
  await person.click(screen.getByRole('button', { name: 'Disconnect' }));
  expect(left()).toBe(1);
});

test('a change in the settings that ends several accounts asks first', async () => {
  const { edited, person } = open(usedAs(account('ada'), account('bob')), 'settings');
  const address = screen.getByRole('textbox', { name: /^Address/ });
  await person.clear(address);
  await person.type(address, 'https://elsewhere.example/mcp');
  await person.click(screen.getByRole('button', { name: 'Save changes' }));
  await person.click(within(screen.getByRole('alertdialog', { name: 'End all 2 accounts?' })).getByRole('button', { name: 'Keep them' }));
  expect(edited()).toBe(0);
  await person.click(screen.getByRole('button', { name: 'Save changes' }));
  await person.click(screen.getByRole('button', { name: 'Save and end them' }));
  expect(edited()).toBe(1);
});
