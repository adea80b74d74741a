import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { NoNetwork } from './NoNetwork';

const cut = server('Linear', { state: { kind: 'offline' } });

test('it asks for nothing and says what goes on by itself', () => {
  const { host } = handHost();
  draw(host, <NoNetwork servers={[cut, server('Notion', { state: { kind: 'offline' } }), server('Here', { state: { kind: 'ready' } })]} />);
  expect(screen.getByText(/Your sign-ins are kept/)).toBeTruthy();
  expect(screen.getByText(/2 servers connect by themselves/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

test('it promises nothing where nothing waits', () => {
  const { host } = handHost();
  draw(host, <NoNetwork servers={[server('Here', { state: { kind: 'ready' } })]} />);
  expect(screen.queryByText(/by itself|by themselves/)).toBeNull();
});
