import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ServerView } from '../../../contract/ServerView';
import { account, usedAs } from '../../test/accounts';
import { draw, handHost } from '../../test/core';
import { ServerPage } from '../ServerPage';

function open(server: ServerView) {
  const core = handHost();
  draw(core.host, <ServerPage server={server} tools={undefined} finished={false} place={{ kind: 'server', id: 'a', tab: 'tools', tool: null }} onGo={() => undefined} />);
  const left = () => core.asked.filter((one) => one.name === 'disconnect').length;
  return { left, person: userEvent.setup() };
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

test('one account is left at once', async () => {
  const { left, person } = open(usedAs(account('ada')));
  await person.click(screen.getByRole('button', { name: 'Disconnect' }));
  expect(left()).toBe(1);
});
