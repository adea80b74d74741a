import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { WayBack } from './WayBack';

function open(port: number | null = null) {
  const core = handHost();
  draw(core.host, <WayBack server={server('a', { wayBack: { choice: 'loopbackAddress', port, redirectUri: '' } })} />);
  return { ...core, person: userEvent.setup() };
}

test('a port is sent when it is one, with the way that is chosen', async () => {
  const { asked, person } = open();
  const field = screen.getByRole('textbox', { name: /Port/ });
  await person.type(field, '70000');
  expect(screen.getByText(/between 1 and 65535/)).toBeTruthy();
  await person.clear(field);
  await person.type(field, '4100{Enter}');
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ name: 'chooseWayBack', argument: { id: 'a', choice: 'loopbackAddress', port: 4100 } });
});

test('an emptied port means any free one', async () => {
  const { asked, person } = open(4100);
  await person.clear(screen.getByRole('textbox', { name: /Port/ }));
  await person.click(screen.getByRole('button', { name: 'Use this port' }));
  expect(asked[0]).toMatchObject({ argument: { port: null } });
});
