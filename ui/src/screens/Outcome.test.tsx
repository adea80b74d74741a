import { act, cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { OutcomeView } from '../../contract/OutcomeView';
import type { ServerState } from '../../contract/ServerState';
import type { ServerView } from '../../contract/ServerView';
import { draw, handHost } from '../test/core';
import { account, server } from '../test/servers';
import { NO_EXCEPTIONS } from '../words/exceptions';
import { Outcome } from './Outcome';

function open(lastOutcome: OutcomeView, finished = true, state: ServerState = { kind: 'off' }, part: Partial<ServerView> = {}) {
  const core = handHost();
  const done: string[] = [];
  const deed = (name: string) => () => { done.push(name); };
  const deeds = { connect: deed('connect'), signIn: deed('signIn'), disconnect: deed('disconnect'), settings: deed('settings'), key: deed('key'), delete: deed('delete'), useHere: deed('useHere') };
  draw(core.host, <Outcome server={server('a', { lastOutcome, state, ...part })} finished={finished} deeds={deeds} />);
  return { ...core, done, person: userEvent.setup() };
}

test('where nobody can be registered, the client ID is saved first and the sign-in begins after', async () => {
  const { asked, done, person } = open({ kind: 'noRegistration', host: 'auth.example' });
  expect(screen.getByText('dev.usher.desktop://oauth/callback')).toBeTruthy();
  await person.type(screen.getByLabelText('Client ID'), 'mine');
  await person.click(screen.getByRole('button', { name: 'Save and sign in' }));
  expect(asked[0]).toMatchObject({ name: 'editServer', argument: { id: 'a', clientId: 'mine', clientSecret: { kind: 'keep' } } });
  expect(done).toEqual([]);
  await act(async () => { asked[0]?.answer(server('a')); await Promise.resolve(); });
  await waitFor(() => { expect(done).toEqual(['signIn']); });
});

test('a timed-out sign-in offers to begin again', async () => {
  const { done, person } = open({ kind: 'timedOut' });
  await person.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(done).toEqual(['connect']);
});

test('an old success is not told again', () => {
  open({ kind: 'authorized' }, false);
  expect(screen.queryByText('Signed in.')).toBeNull();
});

test('a success is told until the server is ready, which says it better', () => {
  open({ kind: 'authorized' }, true, { kind: 'opening' });
  expect(screen.getByText('Signed in.')).toBeTruthy();
  cleanup();
  open({ kind: 'authorized' }, true, { kind: 'ready' });
  expect(screen.queryByText('Signed in.')).toBeNull();
});

test('a provider cannot smuggle hidden characters into the sentence', () => {
  open({ kind: 'providerError', host: 'auth.example', error: 'no\u202Eon', description: null });
  expect(screen.getByText(/no‹U\+202E›on/)).toBeTruthy();
});

test('a sign-in that failed is told on a connected server too, and begins anew from there', async () => {
  const { done, person } = open({ kind: 'timedOut' }, true, { kind: 'ready' }, { account });
  await person.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(done).toEqual(['signIn']);
  cleanup();
  open({ kind: 'timedOut' }, false, { kind: 'ready' });
  expect(screen.queryByText(/not finished in time/)).toBeNull();
});

test('another issuer is named in full and excepted only after a second step', async () => {
  const exceptions = { ...NO_EXCEPTIONS, omitResource: true };
  const { asked, done, person } = open({ kind: 'issuerMismatch', expected: 'https://one.example', found: 'https://two.example' }, true, { kind: 'off' }, { exceptions });
  expect(screen.getByText(/https:\/\/one\.example .* in the name of https:\/\/two\.example/)).toBeTruthy();
  await person.click(screen.getByRole('button', { name: 'Make an exception…' }));
  expect(asked).toEqual([]);
  await person.click(screen.getByRole('button', { name: 'Accept and sign in' }));
  expect(asked[0]).toMatchObject({ name: 'setExceptions', argument: { id: 'a', exceptions: { ...exceptions, acceptedIssuer: 'https://two.example' } } });
  expect(done).toEqual([]);
  await act(async () => { asked[0]?.answer(server('a')); await Promise.resolve(); });
  await waitFor(() => { expect(done).toEqual(['signIn']); });
});

test('an exception that is left alone is not made', async () => {
  const { asked, done, person } = open({ kind: 'noPkce', host: 'auth.example', others: false });
  await person.click(screen.getByRole('button', { name: 'Make an exception…' }));
  await person.click(screen.getByRole('button', { name: 'Leave it' }));
  expect([asked, done]).toEqual([[], []]);
});

test.each<[string, OutcomeView]>([
  ['names other methods', { kind: 'noPkce', host: 'auth.example', others: true }],
  ['names no issuer', { kind: 'issuerMismatch', expected: 'https://one.example', found: null }],
  ['refuses for another reason', { kind: 'providerError', host: 'auth.example', error: 'server_error', description: null }],
])('no exception is offered where a provider %s', (_, outcome) => {
  open(outcome);
  expect(screen.queryByRole('button', { name: 'Make an exception…' })).toBeNull();
});
