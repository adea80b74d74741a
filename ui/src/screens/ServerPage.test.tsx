import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';

import type { ServerView } from '../../contract/ServerView';
import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { NeedsYou } from './NeedsYou';
import { serverPlace, type Place } from './place';
import { ServerPage } from './ServerPage';

const refused: Partial<ServerView> = { authKind: 'header', state: { kind: 'signInNeeded', reason: 'headerRefused' } };

function Page({ one, banner }: { readonly one: ServerView; readonly banner: boolean }) {
  const [place, setPlace] = useState<Place>(serverPlace(one.id));
  if (place.kind !== 'server') return null;
  return (
    <>
      {banner ? <NeedsYou servers={[one]} snoozedUntil={null} except={null} onGo={setPlace} /> : null}
      <ServerPage server={one} tools={undefined} finished={false} place={place} onGo={setPlace} />
    </>
  );
}

function open(part: Partial<ServerView>, banner = false) {
  draw(handHost().host, <Page one={server('a', part)} banner={banner} />);
  return userEvent.setup();
}

test.each([[[], false], [[{ name: 'X-Key' }], false], [[], true]])('“Change the key” leads to the field that the key is typed into', async (headers, banner) => {
  const person = open({ ...refused, headers }, banner);
  const [change] = screen.getAllByRole('button', { name: 'Change the key' });
  await person.click(change as HTMLElement);
  await waitFor(() => { expect(document.activeElement).toBe(screen.getByLabelText('Value')); });
  await person.click(screen.getByRole('tab', { name: 'Activity' }));
  await person.click(change as HTMLElement);
  await waitFor(() => { expect(document.activeElement).toBe(screen.getByLabelText('Value')); });
});

test('to look at the settings does not lead to the key', async () => {
  const person = open({ ...refused, headers: [{ name: 'X-Key' }] });
  await person.click(screen.getByRole('tab', { name: 'Settings' }));
  expect(document.activeElement).not.toBe(screen.getByLabelText('Value'));
});

test('permissions stand above the tabs only where there are some to tick', async () => {
  const person = open({ permissions: { offered: [], chosen: null } });
  expect(screen.queryByText('Permissions')).toBeNull();
  await person.click(screen.getByRole('tab', { name: 'Settings' }));
  expect(screen.getByText('Permissions')).toBeTruthy();
  open({ permissions: { offered: ['read'], chosen: null } });
  expect(screen.getByRole('checkbox', { name: 'read' })).toBeTruthy();
});

test.each([['open', /this server needs none\.$/], ['header', /it is asked with a key/], ['oauth', /Nothing has happened here yet/]] as const)('where nothing was recorded it says why: %s', async (authKind, why) => {
  const core = handHost();
  draw(core.host, <Page one={server('a', { authKind })} banner={false} />);
  await userEvent.setup().click(screen.getByRole('tab', { name: 'Activity' }));
  core.asked.find((one) => one.name === 'signInRuns')?.answer({ runs: [] });
  expect(await screen.findByText(why)).toBeTruthy();
});
