import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { AddForm } from './AddForm';

function open() {
  const core = handHost();
  const added: string[] = [];
  draw(core.host, <AddForm onClose={() => undefined} onAdded={(id) => added.push(id)} />);
  const probes = () => core.asked.filter((one) => one.name === 'probe');
  return { ...core, added, probes, person: userEvent.setup() };
}

function type(url: string) {
  fireEvent.change(screen.getByLabelText('Address'), { target: { value: url } });
}

test('an answer about an earlier address is dropped', async () => {
  const { probes } = open();
  type('https://old.example');
  await waitFor(() => { expect(probes()).toHaveLength(1); });
  type('https://new.example');
  await waitFor(() => { expect(probes()).toHaveLength(2); });
  await act(async () => { probes()[1]?.answer({ kind: 'open' }); await Promise.resolve(); });
  await act(async () => { probes()[0]?.answer({ kind: 'oauth', authorizationHost: 'old.example' }); await Promise.resolve(); });
  expect(screen.getByRole('status').textContent).toContain('It answers everybody');
});

test('typing asks once, after it pauses', async () => {
  const { probes } = open();
  for (const url of ['h', 'https://on', 'https://one.example']) type(url);
  await waitFor(() => { expect(probes()).toHaveLength(1); });
  expect(probes()[0]?.argument).toEqual({ url: 'https://one.example' });
});

test('saving works whatever was found, and then connects', async () => {
  const { asked, probes, person, added } = open();
  type('https://one.example');
  await waitFor(() => { expect(probes()).toHaveLength(1); });
  await act(async () => { probes()[0]?.answer({ kind: 'unsure', evidence: { kind: 'htmlPage' } }); await Promise.resolve(); });
  await person.click(screen.getByRole('button', { name: 'Save and connect' }));
  const add = asked.find((one) => one.name === 'addServer');
  expect(add?.argument).toEqual({ name: '', url: 'https://one.example', authKind: null, headers: [] });
  await act(async () => { add?.answer(server('x')); await Promise.resolve(); });
  await waitFor(() => { expect(asked.at(-1)).toMatchObject({ name: 'connect', argument: { id: 'x' } }); });
  expect(added).toEqual(['x']);
});

test('an address without its beginning is offered whole, and taken only when the person says so', async () => {
  const { asked, person } = open();
  const address = screen.getByLabelText<HTMLInputElement>('Address');
  await person.type(address, 'mcp.example.com/mcp');
  expect(screen.getByRole('status').textContent).toContain('https:// is missing in front.');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  expect(address.value).toBe('mcp.example.com/mcp');
  expect(screen.getByText(/Usher does not guess/)).toBeTruthy();
  expect(asked).toEqual([]);
  expect(document.activeElement).toBe(address);
  await person.type(address, '{Enter}');
  expect(address.value).toBe('https://mcp.example.com/mcp');
  expect(asked.some((one) => one.name === 'addServer')).toBe(false);
  await person.clear(address);
  await person.type(address, 'localhost:3000');
  await person.click(screen.getByRole('button', { name: 'Use http://localhost:3000' }));
  expect(address.value).toBe('http://localhost:3000');
  expect(document.activeElement).toBe(address);
});

test('what is wrong with an address is said at its field, until it is changed', async () => {
  const { asked, person } = open();
  const address = screen.getByLabelText('Address');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  await act(async () => { asked[0]?.refuse({ code: 'addressEmpty', args: {}, server: null }); await Promise.resolve(); });
  expect(screen.getByText('There is no address yet. Paste the address of an MCP server.').id).toBe(address.getAttribute('aria-describedby'));
  expect(screen.queryByRole('alert')).toBeNull();
  await person.type(address, 'h');
  expect(screen.queryByText(/There is no address yet/)).toBeNull();
});

test('a header that cannot be sent is not, and says what to type instead', async () => {
  const { asked, probes, person } = open();
  type('https://key.example');
  await waitFor(() => { expect(probes()).toHaveLength(1); });
  await act(async () => { probes()[0]?.answer({ kind: 'header' }); await Promise.resolve(); });
  await person.type(screen.getByLabelText('Value'), 'Authorization: Bearer k');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByText(/Type only what comes after “Authorization:”/)).toBeTruthy();
  await person.clear(screen.getByLabelText('Header'));
  await person.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByText(/A header needs a name, such as/)).toBeTruthy();
  expect(asked.some((one) => one.name === 'addServer')).toBe(false);
});

test('an API key server gets the header that was typed', async () => {
  const { asked, probes, person } = open();
  type('https://key.example');
  await waitFor(() => { expect(probes()).toHaveLength(1); });
  await act(async () => { probes()[0]?.answer({ kind: 'header' }); await Promise.resolve(); });
  await person.type(screen.getByLabelText('Value'), 'Bearer k');
  await person.click(screen.getByRole('button', { name: 'Save' }));
  expect(asked.find((one) => one.name === 'addServer')?.argument).toMatchObject({ headers: [{ name: 'Authorization', value: 'Bearer k' }] });
});
