/** Servers as the core would tell of them. */
import type { AccountView } from '../contract/AccountView';
import type { AppError } from '../contract/AppError';
import type { DocumentKind } from '../contract/DocumentKind';
import type { Flaw } from '../contract/Flaw';
import type { OutcomeView } from '../contract/OutcomeView';
import type { PurposeView } from '../contract/PurposeView';
import type { ServerView } from '../contract/ServerView';
import type { SignInStage } from '../contract/SignInStage';
import { NO_EXCEPTIONS } from '../src/words/exceptions';

export const NOW = Math.floor(Date.now() / 1000);

export function server(name: string, part: Partial<ServerView> = {}): ServerView {
  const host = part.host ?? `mcp.${name.toLowerCase().replace(/[^a-z0-9]+/g, '') || 'example'}.example`;
  return {
    id: name, name, url: `https://${host}/mcp`, host, authKind: 'oauth', authKindOverridden: false, headers: [], clientId: null, hasClientSecret: false,
    provider: { issuer: null, offered: [], clientIssuer: null }, permissions: { offered: [], chosen: null }, signInMethod: { kind: 'person' }, wayBack: { choice: 'automatic', port: null, redirectUri: 'dev.usher.desktop://oauth/callback' }, exceptions: NO_EXCEPTIONS, state: { kind: 'off' }, account: null, accounts: part.account ? [part.account] : [], consent: null, question: null, signIn: null, lastOutcome: null, lastRevocation: null, toolCount: null, ...part,
  };
}

export function account(label: string | null, issuerHost: string, part: Partial<AccountView> = {}): AccountView {
  return { id: 'a', isDefault: true, label, labelSource: label === null ? null : 'provider', providerLabel: label, needs: null, issuerHost, scopes: ['repo', 'read:org', 'issues:write'], signedInAt: NOW - 500_000, expiresAt: NOW + 22_350, renews: true, ...part };
}

export function error(code: AppError['code'], args: Record<string, string> = {}): AppError {
  return { code, args, server: null };
}

export function signingIn(stage: SignInStage, purpose: PurposeView = { kind: 'connect' }): Partial<ServerView> {
  return { state: { kind: 'signInNeeded', reason: 'never' }, signIn: { id: 's', purpose, expiresAt: NOW + 540, stage } };
}

export const seven: readonly ServerView[] = [
  server('Linear', { state: { kind: 'signInNeeded', reason: 'rejected' }, account: account(null, 'linear.app') }),
  server('GitHub', { state: { kind: 'ready' }, account: account('octo-dev', 'github.com'), toolCount: 8, host: 'api.githubcopilot.com' }),
  server('Notion', { state: { kind: 'ready' }, account: account('work@example.com', 'api.notion.com'), toolCount: 14 }),
  server('Sentry', { state: { kind: 'ready' }, account: account(null, 'sentry.io', { renews: false, expiresAt: null }), toolCount: 21 }),
  server('Docs search', { state: { kind: 'ready' }, authKind: 'open', toolCount: 3 }),
  server('Warehouse', { state: { kind: 'waiting', error: error('unreachable', { host: 'mcp.warehouse.example' }), retryAt: NOW + 40 }, authKind: 'header', headers: [{ name: 'Authorization' }] }),
  server('Archive', { authKind: 'header', headers: [{ name: 'X-Api-Key' }] }),
];

const METADATA = 'https://auth.example.com/.well-known/oauth-authorization-server';

function flawed(flaw: Flaw, document: DocumentKind = 'serverMetadata', url = METADATA): OutcomeView {
  return { kind: 'badDocument', document, url, flaw };
}

/** Documents that are wrong in several ways, by the names of their scenes. */
export const flaws: Readonly<Record<string, OutcomeView>> = {
  webPage: flawed({ kind: 'webPage' }, 'resourceMetadata', 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'),
  tooLarge: flawed({ kind: 'tooLarge', limit: 1_048_576 }),
  cutShort: flawed({ kind: 'cutShort', line: 14, column: 37 }),
  repeated: flawed({ kind: 'repeated', member: 'issuer', line: 3, column: 11 }),
  foreign: flawed({ kind: 'notAllowed', member: 'resource', why: 'foreign' }, 'resourceMetadata', 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'),
  unsafeUrl: flawed({ kind: 'notAllowed', member: 'authorization_endpoint', why: 'unsafeUrl' }),
  registration: flawed({ kind: 'missing', member: 'client_id' }, 'registration', 'https://auth.example.com/a/very/long/path/of/a/company/with/many/departments/oauth2/v1/clients/register'),
  tokens: flawed({ kind: 'notAllowed', member: 'token_type', why: 'unknown' }, 'tokens', 'https://auth.example.com/token?…'),
  refusal: flawed({ kind: 'notJson', line: 1, column: 1 }, 'refusal', 'https://auth.example.com/token'),
};

export const outcomes: readonly OutcomeView[] = [
  { kind: 'authorized' }, { kind: 'declined', host: 'auth.example.com' }, { kind: 'cancelled' },
  { kind: 'providerError', host: 'auth.example.com', error: 'temporarily_unavailable', description: 'Maintenance until 14:00 UTC.\u202eevil' },
  { kind: 'missingParameters' }, { kind: 'unknownState' }, { kind: 'serverGone' }, { kind: 'insecureUrl', url: 'http://auth.example.com/token' },
  { kind: 'issuerMismatch', expected: 'https://auth.example.com', found: 'https://evil.example' }, { kind: 'exchangeFailed', host: 'auth.example.com', error: 'invalid_grant' },
  { kind: 'timedOut' }, { kind: 'offline' }, { kind: 'noRegistration', host: 'auth.example.com' }, { kind: 'registrationRefused', host: 'auth.example.com', error: 'invalid_redirect_uri' },
  { kind: 'issuerChanged', from: 'https://auth.example.com', fromHost: 'auth.example.com', to: 'https://login.example.net/tenant', toHost: 'login.example.net' },
  { kind: 'issuerNotAgreed', issuer: 'https://auth.example.com', host: 'auth.example.com' }, { kind: 'credentialsElsewhere', givenFor: 'auth.example.com', host: 'login.example.net' },
  { kind: 'tokenRefused', host: 'auth.example.com', error: 'invalid_grant' }, { kind: 'credentialsRefused', host: 'auth.example.com' }, { kind: 'credentialsUnreadable' }, { kind: 'keyNotTaken', host: 'auth.example.com', algorithm: 'EdDSA' },
  { kind: 'noToken', path: '/var/run/secrets/tokens/usher' },
  { kind: 'clientRefused', host: 'auth.example.com' }, { kind: 'noPort', port: 4100 },
  { kind: 'noPkce', host: 'auth.example.com', others: false }, { kind: 'notDiscoverable', url: 'https://mcp.example.com/.well-known/oauth-protected-resource' },
  flawed({ kind: 'wrongType', member: 'token_endpoint', expected: 'string', found: 'number' }), { kind: 'unreachable', host: 'auth.example.com' }, { kind: 'notStored' },
];
