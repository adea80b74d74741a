import { expect, test } from 'vitest';

import type { RunStepsView } from '../../contract/RunStepsView';
import type { ServerView } from '../../contract/ServerView';
import { account, usedAs } from '../test/accounts';
import { runFacts, runMark, stepMark, transcript } from './trace';
import { localization, wordsOf } from './words';

const words = wordsOf(localization);
const reporter = { version: '0.1.0', host: 'mcp.example' };

const told: RunStepsView = {
  run: { id: 'r', account: null, begunAt: 1_800_000_000, endedAt: 1_800_000_003, standing: { kind: 'signIn', outcome: { kind: 'exchangeFailed', host: 'as.example', error: 'invalid_grant' } } },
  steps: [
    { afterMs: 5, what: { kind: 'decided', decision: { kind: 'issuerConfirmed', issuer: 'https://as.example' }, rule: 'RFC 8414 §3.3', refusal: false, exception: false } },
    { afterMs: 6, what: { kind: 'decided', decision: { kind: 'resourceOmitted', resource: 'https://mcp.example' }, rule: 'RFC 8707 §2', refusal: false, exception: true } },
    { afterMs: 1234, what: { kind: 'asked', method: 'POST', url: 'https://as.example/token', params: [{ name: 'grant_type', value: 'authorization_code' }, { name: 'code', value: null }] } },
    { afterMs: 1300, what: { kind: 'answered', status: 400, mediaType: 'application/json', headers: [{ name: 'retry-after', value: '7' }], members: [{ name: 'error', value: 'invalid\n_grant\u202e' }] } },
    { afterMs: 1301, what: { kind: 'decided', decision: { kind: 'codeRefused', error: 'invalid_grant' }, rule: 'RFC 6749 §5.2', refusal: true, exception: false } },
  ],
};

test('a report has one line a step, with times in ms and the rules', () => {
  expect(transcript(words, told, reporter).split('\n')).toEqual([
    'Usher 0.1.0, server mcp.example',
    'Sign-in, 2027-01-15T08:00:00.000Z: as.example did not complete the sign-in.',
    '',
    '       5 ms  The metadata names the issuer that was asked for: https://as.example. [RFC 8414 §3.3]',
    '       6 ms  ! By hand, no request names the resource https://mcp.example. [RFC 8707 §2]',
    '    1234 ms  POST https://as.example/token { grant_type=authorization_code; code=(not shown) }',
    '    1300 ms  Answer 400, application/json { retry-after=7; error=invalid‹U+000A›_grant‹U+202E› }',
    '    1301 ms  ✗ The code brings no tokens: invalid_grant. [RFC 6749 §5.2]',
    '',
  ]);
});

test('a failure is marked, and so is a run that failed', () => {
  expect(told.steps.map((step) => stepMark(step.what))).toEqual(['ok', 'warn', 'off', 'off', 'bad']);
  expect(runMark(told.run)).toBe('bad');
});

test('a run says about whom it was where there are several, or where that account is gone', () => {
  const facts = (server: ServerView, account: string | null) => runFacts(words, server, { ...told.run, account }).split(' · ').slice(0, -1);
  const two = usedAs(account('ada'), account('bob'));
  expect(facts(two, 'bob')).toEqual(['Sign-in', 'bob@example.com']);
  expect(facts(two, 'eve')).toEqual(['Sign-in', 'an account that is gone']);
  expect(facts(two, null)).toEqual(['Sign-in']);
  expect(facts(usedAs(account('ada')), 'ada')).toEqual(['Sign-in']);
});
