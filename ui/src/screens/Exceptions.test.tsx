import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ExceptionsView } from '../../contract/ExceptionsView';
import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { NO_EXCEPTIONS } from '../words/exceptions';
import { Exceptions } from './Exceptions';
import { ExceptionsNotice } from './ExceptionsNotice';

function open(exceptions: ExceptionsView = NO_EXCEPTIONS) {
  const core = handHost();
  draw(core.host, <Exceptions server={server('a', { exceptions })} asked={false} />);
  return { ...core, person: userEvent.setup() };
}

test('without exceptions the section is closed, and nothing is sent by opening it', async () => {
  const { asked, person } = open();
  const heading = screen.getByRole('button', { name: 'Exceptions none' });
  expect(heading.getAttribute('aria-expanded')).toBe('false');
  await person.click(heading);
  expect(screen.getByRole('button', { name: 'Save exceptions' }).hasAttribute('disabled')).toBe(true);
  expect(asked).toEqual([]);
});

test('all exceptions are sent as one value, without what was left empty', async () => {
  const { asked, person } = open({ ...NO_EXCEPTIONS, omitResource: true });
  await person.type(screen.getByLabelText('Accept this issuer'), ' https://login.example ');
  await person.click(screen.getByText('Add parameter'));
  await person.type(screen.getByLabelText('Parameter'), 'access_type');
  await person.type(screen.getByLabelText('Value'), 'offline');
  await person.click(screen.getByText('Add parameter'));
  await person.click(screen.getByRole('button', { name: 'Save exceptions' }));
  const exceptions = { ...NO_EXCEPTIONS, acceptedIssuer: 'https://login.example', omitResource: true, extraParameters: [{ name: 'access_type', value: 'offline' }] };
  expect(asked).toMatchObject([{ name: 'setExceptions', argument: { id: 'a', exceptions } }]);
});

test('a parameter that is refused is named, and what was typed stays', async () => {
  const { asked, person } = open({ ...NO_EXCEPTIONS, omitResource: true });
  await person.click(screen.getByText('Add parameter'));
  await person.type(screen.getByLabelText('Parameter'), 'state');
  await person.click(screen.getByRole('button', { name: 'Save exceptions' }));
  await act(async () => { asked[0]?.refuse({ code: 'parameterReserved', args: { name: 'state' }, server: null }); await Promise.resolve(); });
  expect(screen.getByText('Usher sets “state” itself.')).toBeTruthy();
  expect(screen.getByDisplayValue('state')).toBeTruthy();
});

test('every exception is named on the page, and none means no notice', () => {
  const every: ExceptionsView = { acceptedIssuer: 'https://login.example', withoutPkceMetadata: true, extraParameters: [{ name: 'hd', value: 'x' }], omitResource: true, tokenAuthMethod: 'none' };
  const { host } = handHost();
  draw(host, <ExceptionsNotice server={server('a', { exceptions: every, authKindOverridden: true })} onReview={() => undefined} />);
  expect(screen.getByText('6 exceptions are in force here')).toBeTruthy();
  expect(screen.getAllByRole('listitem').length).toBe(6);
  draw(host, <ExceptionsNotice server={server('b')} onReview={() => undefined} />);
  expect(screen.getAllByRole('listitem').length).toBe(6);
});
