import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { ServerView } from '../../contract/ServerView';
import { draw, handHost } from '../test/core';
import { server } from '../test/servers';
import { SignInMethod } from './SignInMethod';

function open(part: Partial<ServerView>) {
  const core = handHost();
  const drawn = draw(core.host, <SignInMethod server={server('a', part)} />);
  return { ...core, drawn, person: userEvent.setup() };
}

test('a pasted key is sent once and never shown again', async () => {
  const stored = { kind: 'privateKey', clientId: 'c', keyId: null } as const;
  const { asked, drawn, person } = open({ signInMethod: stored });
  const field = screen.getByRole('textbox', { name: /Private key/ });
  expect(screen.queryByRole('button', { name: 'Use this' })).toBeNull();
  await person.click(field);
  await person.paste('-----BEGIN PRIVATE KEY-----canary');
  await person.click(screen.getByRole('button', { name: 'Use this' }));
  expect(asked[0]).toMatchObject({ name: 'setSignInMethod', argument: { id: 'a', method: { kind: 'privateKey', clientId: 'c', keyId: null, key: { kind: 'set' } } } });
  await act(async () => { asked[0]?.answer(server('a', { signInMethod: stored })); await Promise.resolve(); });
  expect(drawn.container.innerHTML).not.toContain('canary');
  expect((field as HTMLTextAreaElement).value).toBe('');
});

test('a refused method stays in the form, with what is wrong', async () => {
  const { asked, person } = open({ signInMethod: { kind: 'platformToken', clientId: 'c', tokenFile: '/run/token' } });
  const field = screen.getByRole('textbox', { name: /^File/ });
  await person.clear(field);
  await person.type(field, 'token{Enter}');
  await act(async () => { asked[0]?.refuse({ code: 'pathInvalid', args: {}, server: null }); await Promise.resolve(); });
  expect(screen.getByRole('alert').textContent).toContain('whole path');
  expect((field as HTMLInputElement).value).toBe('token');
});
