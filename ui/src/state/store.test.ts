import { expect, test } from 'vitest';

import type { Event } from '../../contract/Event';
import type { Snapshot } from '../../contract/Snapshot';
import type { Host } from '../host/host';
import { server, snapshot } from '../test/servers';
import { Store } from './store';

function hosted(answers: Snapshot[]) {
  const ears: ((event: Event) => void)[] = [];
  const heard = { asked: 0, tell: (event: Event) => { ears.forEach((ear) => { ear(event); }); } };
  const call = () => {
    const answer = answers[Math.min(heard.asked, answers.length - 1)];
    heard.asked += 1;
    if (heard.asked === 1) heard.tell({ seq: 3, body: { kind: 'server', server: server('early') } });
    return Promise.resolve(answer);
  };
  const host = { call, listen: (ear: (event: Event) => void) => { ears.push(ear); return Promise.resolve(() => undefined); } } as unknown as Host;
  return { heard, store: new Store(host) };
}

const names = (store: Store) => { const state = store.state(); return state.kind === 'known' ? state.servers.map((one) => one.id) : state.kind; };

test('news that comes while the snapshot is under way is not lost', async () => {
  const { store } = hosted([snapshot(2, [server('a')])]);
  await store.start();
  expect(names(store)).toEqual(['a', 'early']);
});

test('a gap in the news makes the window ask for everything anew', async () => {
  const { store, heard } = hosted([snapshot(2, []), snapshot(9, [server('whole')])]);
  await store.start();
  const whole = new Promise<void>((resolve) => { store.subscribe(resolve); });
  heard.tell({ seq: 9, body: { kind: 'serverDeleted', id: 'early' } });
  await whole;
  expect(names(store)).toEqual(['whole']);
});

test('a run is found again where it was begun, and a later one takes its place', async () => {
  const answers: ((answer: unknown) => void)[] = [];
  const call = (name: string) => (name === 'snapshot' ? Promise.resolve(snapshot(1, [server('a')])) : new Promise((resolve) => { answers.push(resolve); }));
  const store = new Store({ call, listen: () => Promise.resolve(() => undefined) } as unknown as Host);
  await store.start();
  const runs = () => { const state = store.state(); return state.kind === 'known' ? state.runs['a echo'] : undefined; };
  const first = store.run('a', 'echo', { n: 1 });
  const second = store.run('a', 'echo', { n: 2 });
  answers[0]?.({ tookMs: 1 });
  await first;
  expect(runs()).toMatchObject({ kind: 'running', given: { n: 2 } });
  answers[1]?.({ tookMs: 2 });
  await second;
  await store.refresh();
  expect(runs()).toMatchObject({ kind: 'answered', given: { n: 2 }, answer: { tookMs: 2 } });
});

test('a core that answers nothing is a failure with a way to try again', async () => {
  const refuse = () => Promise.reject(Object.assign(new Error('x'), { code: 'storeNewer', args: {} }));
  const store = new Store({ call: refuse, listen: () => Promise.resolve(() => undefined) });
  await store.start();
  expect(store.state()).toMatchObject({ kind: 'failed', error: { code: 'storeNewer' } });
});
