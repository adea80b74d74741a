import { act, cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ConsentView } from '../../contract/ConsentView';
import type { ServerView } from '../../contract/ServerView';
import type { ToolView } from '../../contract/ToolView';
import { Store } from '../state/store';
import { draw, handHost } from '../test/core';
import { server, snapshot } from '../test/servers';
import { ConsentNotice } from './ConsentNotice';
import { ToolPage } from './ToolPage';

const tool: ToolView = { name: 'save', title: null, description: null, inputSchema: { type: 'object' }, readOnly: false, destructive: false };
const consent: ConsentView = { scopes: ['notes:write'], tool: 'save', attempt: 1 };

async function open() {
  const core = handHost();
  const store = new Store(core.host);
  const started = store.start();
  await waitFor(() => { expect(core.asked).toHaveLength(1); });
  core.asked[0]?.answer(snapshot(1, []));
  await started;
  const show = (part: Partial<ServerView>) => {
    cleanup();
    draw(core.host, <ToolPage server={server('a', { state: { kind: 'ready' }, ...part })} tool={tool} />, store);
  };
  const calls = () => core.asked.filter((one) => one.name === 'callTool');
  return { ...core, show, calls, person: userEvent.setup() };
}

test('a run that waits for the person says so, and its answer is there after the page was left', async () => {
  const { show, calls, person } = await open();
  show({});
  await person.click(screen.getByRole('button', { name: 'Run' }));
  show({ consent });
  expect(screen.getByText('Waiting for your permission…')).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Running…' }).disabled).toBe(true);
  cleanup();
  await act(async () => { calls()[0]?.answer({ content: [{ kind: 'text', text: 'saved' }], structured: null, isError: false, tookMs: 5 }); await Promise.resolve(); });
  show({});
  expect(screen.getByText('saved')).toBeTruthy();
  expect(calls()).toHaveLength(1);
});

test('a run that wants a sign-in offers it, and can be given up', async () => {
  const { show, asked, person } = await open();
  show({});
  await person.click(screen.getByRole('button', { name: 'Run' }));
  show({ state: { kind: 'signInNeeded', reason: 'never' } });
  await person.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(asked.at(-1)).toMatchObject({ name: 'connect', argument: { id: 'a' } });
  show({ state: { kind: 'signInNeeded', reason: 'never' } });
  await person.click(screen.getByRole('button', { name: 'Not now' }));
  expect(asked.at(-1)).toMatchObject({ name: 'declineConsent', argument: { id: 'a' } });
});

test('more permission is named, and allowed by a click alone', async () => {
  const core = handHost();
  draw(core.host, <ConsentNotice server={server('a')} consent={consent} />);
  expect(screen.getByText('notes:write')).toBeTruthy();
  expect(core.asked).toEqual([]);
  await userEvent.setup().click(screen.getByRole('button', { name: 'Allow in browser' }));
  expect(core.asked).toMatchObject([{ name: 'allowConsent', argument: { id: 'a' } }]);
});

test('what connecting itself needs cannot be put off, only allowed', () => {
  draw(handHost().host, <ConsentNotice server={server('a')} consent={{ scopes: [], tool: null, attempt: 2 }} />);
  expect(screen.queryByRole('button', { name: 'Not now' })).toBeNull();
  expect(screen.getByText('The server does not say which permission it misses.')).toBeTruthy();
});
