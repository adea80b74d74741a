import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';

import { draw, handHost } from '../../test/core';
import { planOf } from './plan';
import { SchemaForm } from './SchemaForm';

function open(schema: Record<string, unknown>) {
  const sent: unknown[] = [];
  const plan = planOf(schema);
  if (plan.kind !== 'form') throw new Error('the test means a form');
  function Tried() {
    const [values, setValues] = useState<Record<string, unknown>>({});
    return plan.kind === 'form' ? <SchemaForm schema={plan.schema} values={values} onChange={setValues} onSubmit={(given) => sent.push(given)}><button type="submit">Run</button></SchemaForm> : null;
  }
  draw(handHost().host, <Tried />);
  return { sent, person: userEvent.setup(), run: () => screen.getByRole('button', { name: 'Run' }) };
}

test('what is filled in is sent with its types, and what is left empty is not sent', async () => {
  const { sent, person, run } = open({ type: 'object', properties: { name: { type: 'string' }, count: { type: 'integer' }, note: { type: 'string' }, where: { type: 'object', properties: { city: { type: 'string' } } } }, required: ['name'] });
  await person.type(screen.getByLabelText('name'), 'ada');
  await person.type(screen.getByLabelText(/count/), '12');
  await person.click(run());
  expect(sent).toEqual([{ name: 'ada', count: 12 }]);
});

test('a missing value is said at its field and nothing is sent', async () => {
  const { sent, person, run } = open({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] });
  await person.click(run());
  expect(screen.getByRole('alert').textContent).toContain('This is needed.');
  expect(sent).toEqual([]);
});

test('markup in a description stays text', () => {
  open({ type: 'object', properties: { name: { type: 'string', description: '<img src=x onerror=alert(1)>\u202E' } } });
  expect(document.querySelector('img')).toBeNull();
  expect(screen.getByText(/<img src=x/).textContent).toContain('<img');
  expect(screen.getByText('‹U+202E›')).toBeTruthy();
});

test('a schema without properties needs nothing', async () => {
  const { sent, person, run } = open({ type: 'object' });
  await person.click(run());
  expect(sent).toEqual([{}]);
});

test('a yes or no has its label, whether it may be left open or not', async () => {
  const { sent, person, run } = open({ type: 'object', properties: { gift: { type: 'boolean', title: 'A gift', description: 'Wrapped.' }, sure: { type: 'boolean', title: 'Sure' } }, required: ['sure'] });
  expect(screen.getByText('A gift')).toBeTruthy();
  expect(screen.getByText('Wrapped.')).toBeTruthy();
  await person.click(run());
  expect(sent).toEqual([{ sure: false }]);
});

test.each<[string, Record<string, unknown>, string, string]>([
  ['minimum', { type: 'number', minimum: 0.0001 }, '0', '0.0001 at least.'],
  ['exclusiveMinimum', { type: 'integer', exclusiveMinimum: 7 }, '7', 'more than 7.'],
  ['maximum', { type: 'integer', maximum: -5 }, '0', '-5 at most.'],
  ['exclusiveMaximum', { type: 'integer', exclusiveMaximum: 7 }, '7', 'less than 7.'],
  ['minLength', { type: 'string', minLength: 3 }, 'ab', 'at least 3 characters.'],
  ['maxLength', { type: 'string', maxLength: 1 }, 'ab', 'can have 1 character.'],
])('the limit %s is named', async (_, schema, typed, said) => {
  const { sent, person, run } = open({ type: 'object', properties: { it: schema } });
  await person.type(screen.getByLabelText(/it/), typed);
  await person.click(run());
  expect(screen.getByRole('alert').textContent.replaceAll(/[\u2068\u2069]/g, '')).toContain(said);
  expect(sent).toEqual([]);
});
