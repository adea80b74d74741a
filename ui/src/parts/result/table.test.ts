import { expect, test } from 'vitest';

import { tableOf } from './table';

test('an array of flat objects is a table with every column', () => {
  expect(tableOf([{ a: 1 }, { b: null }])?.columns).toEqual(['a', 'b']);
});

test('an object that only wraps such an array is a table too', () => {
  expect(tableOf({ issues: [{ a: 1 }] })?.rows).toHaveLength(1);
});

test('anything nested, empty or mixed is not', () => {
  for (const value of [[], [1, 2], [{ a: { b: 1 } }], [{ a: 1 }, 2], { a: 1 }, 'text', null]) expect(tableOf(value)).toBeNull();
});
