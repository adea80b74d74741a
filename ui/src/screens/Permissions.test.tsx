import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { PermissionsView } from '../../contract/PermissionsView';
import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { Permissions } from './Permissions';

function open(permissions: PermissionsView) {
  const core = handHost();
  draw(core.host, <Permissions server={server('a', { permissions })} />);
  const last = () => core.asked.at(-1)?.argument;
  const ticked = () => screen.queryAllByRole<HTMLInputElement>('checkbox').filter((box) => box.checked).length;
  return { ...core, last, ticked, person: userEvent.setup() };
}

test('all is ticked until the person unticks something, and that alone is chosen', async () => {
  const { last, ticked, person } = open({ offered: ['read', 'write'], chosen: null });
  expect(ticked()).toBe(2);
  await person.click(screen.getByRole('checkbox', { name: 'write' }));
  expect(last()).toEqual({ id: 'a', scopes: ['read'] });
  expect(ticked()).toBe(1);
});

test('whoever ticks all of it again has no wish of their own any more', async () => {
  const { last, person } = open({ offered: ['read', 'write'], chosen: ['read'] });
  await person.click(screen.getByRole('checkbox', { name: 'write' }));
  expect(last()).toEqual({ id: 'a', scopes: null });
});

test('a permission can be added by name, and is asked for beside what was ticked', async () => {
  const { last, person } = open({ offered: ['read'], chosen: null });
  await person.type(screen.getByLabelText('Another permission, by name'), ' notes:own ');
  await person.click(screen.getByRole('button', { name: 'Add' }));
  expect(last()).toEqual({ id: 'a', scopes: ['read', 'notes:own'] });
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'notes:own' }).checked).toBe(true);
});

test('what the core does not take is not shown as taken', async () => {
  const { asked, ticked, person } = open({ offered: ['read'], chosen: null });
  await person.type(screen.getByLabelText('Another permission, by name'), 'two words');
  await person.click(screen.getByRole('button', { name: 'Add' }));
  await act(async () => { asked[0]?.refuse({ code: 'scopeInvalid', args: { name: 'two words' }, server: null }); await Promise.resolve(); });
  expect(ticked()).toBe(1);
  expect(screen.getByText('“two words” cannot be the name of a permission.')).toBeTruthy();
});
