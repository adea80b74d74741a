import { expect, test } from 'vitest';

import { hasHeaderProblem, headerProblem } from './headers';

test('a header that cannot be sent as it is says why', () => {
  expect(headerProblem({ name: ' ', value: 'k' })).toBe('name-missing');
  expect(headerProblem({ name: 'Authorization:', value: 'k' })).toBe('name-wrong');
  expect(headerProblem({ name: 'Two words', value: '' })).toBe('name-wrong');
  expect(headerProblem({ name: 'Authorization', value: ' authorization: Bearer k' })).toBe('value-named');
  expect(headerProblem({ name: 'X-Key', value: 'schlüssel' })).toBe('value-wrong');
});

test('a row that is empty, or right, is none', () => {
  expect(hasHeaderProblem([{ name: '', value: '' }, { name: 'Authorization', value: '' }, { name: ' X-Api-Key ', value: 'a b~1' }])).toBe(false);
});
