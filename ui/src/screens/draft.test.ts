import { expect, test } from 'vitest';

import { server } from '../test/servers';
import { changesOf, draftOf, endsSignIns, withKind, type Draft } from './draft';

const kept = server('a', { authKind: 'header', headers: [{ name: 'X-Key' }], clientId: 'c', hasClientSecret: true });

test('an untouched draft changes nothing', () => {
  expect(changesOf(kept, draftOf(kept))).toBeNull();
});

test('a key that is not set yet has a row to type it into, which changes nothing by itself', () => {
  const keyless = server('a', { authKind: 'header' });
  expect(draftOf(keyless).headers).toEqual([{ name: 'Authorization', value: '' }]);
  expect(changesOf(keyless, draftOf(keyless))).toBeNull();
  expect(withKind(draftOf(server('b', { authKind: null })), 'header').headers).toHaveLength(1);
  expect(withKind(draftOf(kept), 'header').headers).toEqual([{ name: 'X-Key', value: '' }]);
});

test('a rename touches no secret', () => {
  expect(changesOf(kept, { ...draftOf(kept), name: 'b' })).toEqual({ id: 'a', name: 'b', url: null, authKind: null, headers: null, clientId: null, clientSecret: { kind: 'keep' } });
});

test('a header added beside a stored one keeps the stored value', () => {
  const headers = [{ name: 'X-Key', value: '' }, { name: 'X-Team', value: 't' }];
  expect(changesOf(kept, { ...draftOf(kept), headers })?.headers).toEqual([{ name: 'X-Key', value: { kind: 'keep' } }, { name: 'X-Team', value: { kind: 'set', value: 't' } }]);
});

test('a client secret is replaced or removed only when asked', () => {
  expect(changesOf(kept, { ...draftOf(kept), secret: 's' })?.clientSecret).toEqual({ kind: 'set', value: 's' });
  expect(changesOf(kept, { ...draftOf(kept), clearSecret: true })?.clientSecret).toEqual({ kind: 'clear' });
});

test('what ends the sign-ins is told from what does not', () => {
  const ends = (part: Partial<Draft>) => {
    const changes = changesOf(kept, { ...draftOf(kept), ...part });
    return changes !== null && endsSignIns(changes);
  };
  expect([{ url: 'https://b.example/mcp' }, { clientId: 'd' }, { secret: 's' }, { clearSecret: true }, { authKind: 'open' as const }].map(ends)).toEqual([true, true, true, true, true]);
  expect([{ name: 'b' }, { authKind: 'oauth' as const }].map(ends)).toEqual([false, false]);
});
