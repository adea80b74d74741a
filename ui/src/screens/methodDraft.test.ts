import { expect, test } from 'vitest';

import type { SignInMethodView } from '../../contract/SignInMethodView';
import { keepsIdpSecret, keepsToken, methodDraftOf, methodOf } from './methodDraft';

const PERSON: SignInMethodView = { kind: 'person' };
const SECRET: SignInMethodView = { kind: 'clientSecret', clientId: 'c' };
const COMPANY: SignInMethodView = { kind: 'company', clientId: 'c', hasSecret: true, idpIssuer: 'https://idp.example', idpClientId: 'us', hasIdpSecret: true, tokenFile: null };

test('an untouched method is not sent', () => {
  const file: SignInMethodView = { kind: 'platformToken', clientId: 'c', tokenFile: '/run/token' };
  for (const stored of [PERSON, SECRET, COMPANY, file]) expect(methodOf(stored, methodDraftOf(stored))).toBeNull();
});

test('what a method needs has to be there before it is sent', () => {
  const draft = { ...methodDraftOf(PERSON), kind: 'clientSecret' as const, clientId: ' c ' };
  expect(methodOf(PERSON, draft)).toBeNull();
  expect(methodOf(PERSON, { ...draft, secret: 's' })).toEqual({ kind: 'clientSecret', clientId: 'c', secret: { kind: 'set', value: 's' } });
  expect(methodOf(PERSON, { ...draft, kind: 'platformToken' })).toBeNull();
  expect(methodOf(PERSON, { ...draft, kind: 'platformToken', from: 'file', tokenFile: '/run/token' })).toEqual({ kind: 'platformToken', clientId: 'c', token: { kind: 'file', path: '/run/token' } });
});

test('what is stored and untouched stays, by the same kind of method alone', () => {
  expect(methodOf(SECRET, { ...methodDraftOf(SECRET), clientId: 'd' })).toEqual({ kind: 'clientSecret', clientId: 'd', secret: { kind: 'keep' } });
  expect(methodOf(SECRET, { ...methodDraftOf(SECRET), kind: 'privateKey' })).toBeNull();
  const cleared = methodOf(COMPANY, { ...methodDraftOf(COMPANY), clearIdpSecret: true });
  expect(cleared).toMatchObject({ secret: { kind: 'keep' }, idpSecret: { kind: 'clear' }, token: { kind: 'keep' } });
});

test('what one identity provider is shown is asked for anew for another', () => {
  const other = { ...methodDraftOf(COMPANY), idpIssuer: 'https://idp.example/', clearIdpSecret: true };
  expect(methodOf(COMPANY, other)).toBeNull();
  const whole = methodOf(COMPANY, { ...other, token: 't', idpSecret: 's' });
  expect(whole).toMatchObject({ secret: { kind: 'keep' }, idpSecret: { kind: 'set', value: 's' }, token: { kind: 'paste', value: 't' } });
  expect(keepsIdpSecret(COMPANY, methodDraftOf(COMPANY))).toBe(true);
  expect([keepsIdpSecret(COMPANY, other), keepsToken(COMPANY, other)]).toEqual([false, false]);
});

test('the browser is one change away', () => {
  expect(methodOf(SECRET, { ...methodDraftOf(SECRET), kind: 'person' })).toEqual({ kind: 'person' });
});
