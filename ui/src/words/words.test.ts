import { expect, test } from 'vitest';

import authKinds from '../../contract/AuthKind.ts?raw';
import authMethods from '../../contract/AuthMethod.ts?raw';
import documents from '../../contract/DocumentKind.ts?raw';
import expectations from '../../contract/Expected.ts?raw';
import flaws from '../../contract/Flaw.ts?raw';
import jsonTypes from '../../contract/JsonType.ts?raw';
import notAllowed from '../../contract/NotAllowed.ts?raw';
import decisions from '../../contract/Decision.ts?raw';
import errorCodes from '../../contract/ErrorCode.ts?raw';
import httpErrors from '../../contract/HttpError.ts?raw';
import outcomeKinds from '../../contract/OutcomeView.ts?raw';
import evidenceKinds from '../../contract/ProbeEvidence.ts?raw';
import probeKinds from '../../contract/ProbeView.ts?raw';
import purposes from '../../contract/PurposeView.ts?raw';
import renewals from '../../contract/RenewalEnd.ts?raw';
import revocations from '../../contract/RevocationView.ts?raw';
import reasons from '../../contract/SignInReason.ts?raw';
import stages from '../../contract/SignInStage.ts?raw';
import keepers from '../../contract/VaultKind.ts?raw';
import losses from '../../contract/KeyLoss.ts?raw';
import vaults from '../../contract/VaultView.ts?raw';
import { englishBundle } from './words';

const bundle = englishBundle();
const sources = import.meta.glob(['../**/*.{ts,tsx}', '!../**/*.test.*'], { query: '?raw', import: 'default', eager: true }) as Record<string, string>;

/** The names in a generated union of strings. */
function names(source: string): readonly string[] {
  return [...source.slice(source.indexOf('export type')).matchAll(/"([A-Za-z_]+)"/g)].map((match) => match[1] ?? '');
}

/** The kinds in a generated tagged union. */
function kinds(source: string): readonly string[] {
  return [...source.matchAll(/"kind": "([A-Za-z]+)"/g)].map((match) => match[1] ?? '');
}

function missing(id: string): boolean {
  const [message = '', attribute] = id.split('.');
  const found = bundle.getMessage(message);
  return attribute ? !found?.attributes[attribute] : !found?.value;
}

function expectWords(list: readonly string[], ...shapes: readonly string[]) {
  expect(list.length).toBeGreaterThan(1);
  expect(list.flatMap((name) => shapes.map((shape) => shape.replace('*', name))).filter(missing)).toEqual([]);
}

test('every error says what happened, what to do now, and both in short', () => {
  expectWords(names(errorCodes), 'error-*', 'error-*.next', 'error-*.short');
});

test('every outcome of a sign-in has its sentence, its next step and its button', () => {
  expectWords(kinds(outcomeKinds), 'outcome-*', 'outcome-*.next', 'outcome-*.action');
});

test('every evidence of detection has its sentence and its advice', () => {
  expectWords(kinds(evidenceKinds), 'evidence-*', 'evidence-*.next');
});

test('everything that can happen in a run has its line', () => {
  expectWords(kinds(decisions), 'decided-*');
  expectWords(names(httpErrors), 'http-*');
  expectWords(names(renewals), 'run-renewal-*');
  expectWords(names(revocations), 'run-signOut-*');
});

test('everything that can be wrong with a document has its sentence', () => {
  expectWords(kinds(flaws), 'flaw-*');
  expectWords(names(documents), 'document-*', 'document-*.kind');
  expectWords([...names(jsonTypes), ...names(expectations)], 'json-*');
  expectWords(names(notAllowed), 'not-allowed-*');
});

test('everything else the core can say has words', () => {
  expectWords(names(reasons), 'reason-*', 'row-reason-*');
  expectWords(names(revocations), 'revocation-*', 'account-removed-*');
  expectWords(kinds(purposes).filter((kind) => kind !== 'connect'), 'waiting-meant-*');
  expectWords(names(authKinds), 'kind-*', 'add-kind-*');
  expectWords(names(authMethods), 'exceptions-method-*');
  expectWords(['exceptions-issuer', 'exceptions-pkce', 'exceptions-resource', 'exceptions-method'], '*', '*.risk');
  expectWords(['issuer', 'pkce', 'resource'], 'exception-offer-*', 'exception-offer-*.risk');
  expectWords(names(keepers), 'vault-open-*');
  expectWords(kinds(vaults).filter((kind) => kind !== 'open' && kind !== 'keyLost'), 'vault-*', 'vault-*.body');
  expectWords(['keychainAbsent', 'keychainForgets'], 'vault-*-awaited', 'vault-*-awaited.body');
  expectWords(names(losses), 'vault-keyLost-*', 'vault-keyLost-*.body');
  expectWords(kinds(stages), 'row-sign-in-*', 'waiting-title-*');
  expectWords(kinds(probeKinds), 'probe-*');
});

test('every sentence the source asks for by name exists', () => {
  const asked = Object.values(sources).flatMap((source) => [...source.matchAll(/\bsay\('([a-zA-Z-]+(?:\.[a-z]+)?)'/g)].map((match) => match[1] ?? ''));
  expect(asked.length).toBeGreaterThan(80);
  expect(asked.filter(missing)).toEqual([]);
});

test('the shell finds the words for tray and notifications', () => {
  expectWords(['tray-title', 'tray-open', 'tray-needs-sign-in', 'tray-quit', 'tray-snooze', 'notification-reconnect-one', 'notification-reconnect-several', 'notification-body', 'notification-body-alone', 'notification-reconnect', 'notification-show'], '*');
});
