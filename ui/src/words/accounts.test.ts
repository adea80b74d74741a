import { expect, test } from 'vitest';

import type { ServerView } from '../../contract/ServerView';
import { account, usedAs } from '../test/accounts';
import { heirOf } from './accounts';
import { rowLine, stateSentence } from './sentences';
import { localization, wordsOf } from './words';

const words = wordsOf(localization);
const said = (server: ServerView) => [rowLine(words, server, 0), [stateSentence(words, server, 0).lead, ...stateSentence(words, server, 0).rest].join(' · ')];
const nameless = { label: null, labelSource: null, providerLabel: null } as const;

test('the account in use is named in the list and at the head of the page', () => {
  const [row, head] = said(usedAs(account('ada'), account('bob')));
  expect(row).toBe('ada@example.com · 2 tools');
  expect(head).toContain('Connected · as ada@example.com');
});

test('where there are several it is named whatever the state is, and without a name by its place', () => {
  const needs = { kind: 'signInNeeded', reason: 'rejected' } as const;
  const [row, head] = said({ ...usedAs(account('ada', nameless), account('bob')), state: needs });
  expect(row).toBe('Sign in again · Account 1');
  expect(head).toContain('Needs you · as Account 1 · auth.example no longer accepts');
  expect(said({ ...usedAs(account('ada'), account('bob')), state: { kind: 'off' } })[0]).toBe('Signed in, not connected · ada@example.com');
});

test('one alone without a name is not given one', () => {
  const server = usedAs(account('ada', nameless));
  expect(said(server)[0]).toBe('Sign-in · 2 tools');
  expect(said({ ...usedAs(account('ada')), state: { kind: 'signInNeeded', reason: 'rejected' } })[0]).toBe('Sign in again');
});

test('the oldest that works inherits, or else the oldest', () => {
  const ada = account('ada');
  expect(heirOf(usedAs(ada, account('bob', { needs: 'expired' }), account('eve')), ada)?.id).toBe('eve');
  expect(heirOf(usedAs(ada, account('bob', { needs: 'expired' })), ada)?.id).toBe('bob');
  expect(heirOf(usedAs(ada), ada)).toBeUndefined();
});
