import { expect, test } from 'vitest';

import { planOf, shown } from './plan';

const object = (properties: Record<string, unknown>, part: Record<string, unknown> = {}) => ({ type: 'object', properties, ...part });

test('an everyday schema becomes a form', () => {
  expect(planOf(object({ a: { type: 'string' }, b: { type: ['integer', 'null'] }, c: { type: 'array', items: { enum: ['x'] } } }))).toMatchObject({ kind: 'form', fields: 3 });
});

test('a reference inside the document is followed, one that leaves it is not', () => {
  expect(planOf(object({ a: { $ref: '#/$defs/x' } }, { $defs: { x: { type: 'string' } } })).kind).toBe('form');
  expect(planOf(object({ a: { $ref: 'https://elsewhere.example/x.json' } })).kind).toBe('json');
});

test('a schema that contains itself is written as JSON', () => {
  expect(planOf(object({ a: { $ref: '#/$defs/x' } }, { $defs: { x: object({ again: { $ref: '#/$defs/x' } }) } })).kind).toBe('json');
});

test('what a form cannot show is written as JSON', () => {
  for (const odd of [{}, { type: ['string', 'number'] }, { not: {} }, { type: 'array' }, true, { enum: [{ a: 1 }] }]) {
    expect(planOf(object({ odd })).kind).toBe('json');
  }
  expect(planOf({ type: 'string' }).kind).toBe('json');
});

test('patterns of strangers are not run, and a property of that name stays', () => {
  expect(shown(object({ pattern: { type: 'string', pattern: '(a+)+$' } }))).toEqual(object({ pattern: { type: 'string' } }));
});
