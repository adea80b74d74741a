import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { Restored } from './Restored';

const lost = server('Linear', { state: { kind: 'signInNeeded', reason: 'rejected' } });
const never = server('New', { state: { kind: 'signInNeeded', reason: 'never' } });

test('it says which servers need a new sign-in, and where the damaged file is', () => {
  const { host } = handHost();
  draw(host, <Restored restoration={{ madeAt: 0, kept: '/data/damaged/1.db' }} servers={[lost, never, server('Good')]} />);
  expect(screen.getByText(/Linear needs a new sign-in/)).toBeTruthy();
  expect(screen.getByText('/data/damaged/1.db')).toBeTruthy();
});

test('it is there until it was seen', async () => {
  const { host, asked } = handHost();
  draw(host, <Restored restoration={{ madeAt: 0, kept: null }} servers={[]} />);
  expect(screen.getByText(/No server has needed a new sign-in/)).toBeTruthy();
  await userEvent.setup().click(screen.getByRole('button', { name: 'Got it' }));
  expect(asked[0]?.name).toBe('restorationSeen');
});
