import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { NeedsYou } from './NeedsYou';

const lost = server('Linear', { state: { kind: 'signInNeeded', reason: 'rejected' } });
const asks = server('Notes', { state: { kind: 'ready' }, consent: { scopes: ['write'], tool: 'save', attempt: 1 } });

function banner(servers: Parameters<typeof NeedsYou>[0]['servers'], snoozedUntil: number | null) {
  const { host, asked } = handHost();
  draw(host, <NeedsYou servers={servers} snoozedUntil={snoozedUntil} except={null} onGo={() => undefined} />);
  return { asked, person: userEvent.setup() };
}

test('a lost sign-in can be put off until tomorrow, and what could not be stored is said', async () => {
  const { asked, person } = banner([lost, asks], null);
  await person.click(screen.getByRole('button', { name: 'Remind me tomorrow' }));
  expect(asked).toMatchObject([{ name: 'snoozeReminders', argument: null }]);
  asked[0]?.refuse({ code: 'storeFull', args: { path: '/data' }, server: null });
  expect(await screen.findByRole('alert')).toBeTruthy();
});

test('while reminders are off the banner stays, says until when, and turns them on', async () => {
  const { asked, person } = banner([lost], Date.UTC(2026, 10, 30, 9, 30) / 1000);
  expect(screen.getByText(/Reminders are off until (Sunday|Monday|Tuesday)/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Reconnect' })).toBeTruthy();
  await person.click(screen.getByRole('button', { name: 'Turn on reminders' }));
  expect(asked).toMatchObject([{ name: 'wakeReminders', argument: null }]);
});

test('who only asks for more is not reminded of, and only put away', () => {
  banner([asks], 1_790_000_000);
  expect(screen.queryByText(/Reminders are off/)).toBeNull();
  expect(screen.getByRole('button', { name: 'Later' })).toBeTruthy();
});
