import { cleanup, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import type { PurposeView } from '../../../contract/PurposeView';
import type { ServerView } from '../../../contract/ServerView';
import { account, usedAs } from '../../test/accounts';
import { draw, handHost } from '../../test/core';
import { WhoIsMeant } from './WhoIsMeant';

function said(server: ServerView, purpose: PurposeView): string {
  cleanup();
  draw(handHost().host, <WhoIsMeant server={server} purpose={purpose} />);
  return screen.queryByText(/./)?.textContent ?? '';
}

const two = usedAs(account('ada'), account('bob'));

test('a sign-in for an account names it', () => {
  expect(said(two, { kind: 'again', account: 'bob' })).toContain('Sign in there as bob@example.com');
});

test('where the provider names nobody, the person is asked to take care', () => {
  const nameless = usedAs(account('ada'), account('bob', { label: null, labelSource: null, providerLabel: null }));
  expect(said(nameless, { kind: 'again', account: 'bob' })).toMatch(/for Account 2\. .*take care/);
});

test('a choice says what is chosen', () => {
  expect(said(two, { kind: 'add' })).toContain('which account to add');
  expect(said(two, { kind: 'switch' })).toContain('as whom Linear is used');
});

test('nothing is said where it is a matter of course, or the account is gone', () => {
  expect(said(two, { kind: 'connect' })).toBe('');
  expect(said(usedAs(), { kind: 'add' })).toBe('');
  expect(said(two, { kind: 'again', account: 'eve' })).toBe('');
});
