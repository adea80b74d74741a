import { expect, test } from 'vitest';

import type { EventBody } from '../../contract/EventBody';
import { server, snapshot } from '../test/servers';
import { leavesAGap, runKey, running, step, type Known, type State } from './state';

const loading: State = { kind: 'loading' };
const known = (seq: number, ...servers: Parameters<typeof snapshot>[1]) => step(loading, { kind: 'snapshot', snapshot: snapshot(seq, servers) }) as Known;
const event = (state: State, seq: number, body: EventBody) => step(state, { kind: 'event', event: { seq, body } }) as Known;

test('an event the snapshot already contains changes nothing', () => {
  const state = known(5, server('a'));
  expect(event(state, 5, { kind: 'serverDeleted', id: 'a' })).toBe(state);
});

test('a later event is applied and remembered by its number', () => {
  const state = event(known(5, server('b')), 6, { kind: 'server', server: server('a') });
  expect(state.servers.map((one) => one.id)).toEqual(['a', 'b']);
  expect(state.seq).toBe(6);
});

test('a missing event is noticed', () => {
  expect(leavesAGap(known(5), { seq: 7, body: { kind: 'serverDeleted', id: 'x' } })).toBe(true);
  expect(leavesAGap(known(5), { seq: 6, body: { kind: 'serverDeleted', id: 'x' } })).toBe(false);
});

test('an older snapshot never overwrites newer news', () => {
  const state = event(known(5), 6, { kind: 'server', server: server('a') });
  expect(step(state, { kind: 'snapshot', snapshot: snapshot(5, []) })).toBe(state);
});

test('a sign-in that ends while the window watches is remembered until it was seen', () => {
  const signIn = { id: 's', purpose: { kind: 'connect' }, expiresAt: 1, stage: { kind: 'preparing' } } as const;
  const during = known(1, server('a', { signIn }));
  const after = event(during, 2, { kind: 'server', server: server('a', { lastOutcome: { kind: 'authorized' } }) });
  expect(after.finished).toEqual(['a']);
  expect((step(after, { kind: 'seen', id: 'a' }) as Known).finished).toEqual([]);
});

test('a sign-in that rests because it was locked has not ended', () => {
  const signIn = { id: 's', purpose: { kind: 'connect' }, expiresAt: 1, stage: { kind: 'preparing' } } as const;
  expect(event(known(1, server('a', { signIn })), 2, { kind: 'server', server: server('a') }).finished).toEqual([]);
});

test('a sign-in that failed before the window was made is still to be told; a success is not', () => {
  const state = known(1, server('a', { lastOutcome: { kind: 'timedOut' } }), server('b', { lastOutcome: { kind: 'authorized' } }), server('c'));
  expect((state as Known).finished).toEqual(['a']);
});

test('a run that grows is noticed, and after a new snapshot everything is looked at anew', () => {
  const state = event(known(5), 6, { kind: 'trace', run: 'r', server: 'a' });
  expect(state.grown).toEqual({ r: 6, a: 6 });
  const anew = step(state, { kind: 'snapshot', snapshot: snapshot(9, []) }) as Known;
  expect([anew.grown, anew.since]).toEqual([{}, 9]);
});

test('a failure later on leaves what is known on the screen', () => {
  const state = known(1, server('a'));
  expect(step(state, { kind: 'failed', error: { code: 'storeBusy', args: {}, server: null } })).toBe(state);
});

test('the questions of a run are counted, and those of the next run anew', () => {
  const asking = (id: string): EventBody => ({ kind: 'server', server: server('a', { question: { id, tool: 'save', message: '', schema: {}, more: 0 } }) });
  const begin = (state: State) => step(state, { kind: 'run', key: runKey('a', 'save'), run: { kind: 'running', given: {} } });
  const first = event(begin(known(1, server('a'))), 2, asking('q1'));
  expect(event(first, 3, asking('q1')).asked['a save']).toEqual({ question: 'q1', number: 1 });
  const second = event(event(first, 3, { kind: 'server', server: server('a') }), 4, asking('q2'));
  expect(second.asked['a save']).toEqual({ question: 'q2', number: 2 });
  expect((step(second, { kind: 'snapshot', snapshot: snapshot(9, [server('a')]) }) as Known).asked['a save']?.number).toBe(2);
  expect(event(begin(second), 5, asking('q3')).asked['a save']?.number).toBe(1);
});

test('the network goes and comes back without disturbing anything else', () => {
  const before = known(5, server('a'));
  const away = event(before, 6, { kind: 'network', network: 'offline' });
  expect(away.network).toBe('offline');
  expect(event(away, 7, { kind: 'network', network: 'online' })).toEqual({ ...before, seq: 7 });
});

test('what is running is known by its tool and its server', () => {
  const begun = step(known(1, server('a', { name: 'Shop' })), { kind: 'run', key: runKey('a', 'slow one'), run: { kind: 'running', given: {} } }) as Known;
  expect(running(begun)).toEqual([{ tool: 'slow one', server: 'Shop' }]);
  const ended = step(begun, { kind: 'run', key: runKey('a', 'slow one'), run: { kind: 'failed', given: {}, error: { code: 'toolUnknown', args: {}, server: null } } }) as Known;
  expect(running(ended)).toEqual([]);
});
