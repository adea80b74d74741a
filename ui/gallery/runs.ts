/** Runs as the core would tell of them. */
import type { Decision } from '../contract/Decision';
import type { OutcomeView } from '../contract/OutcomeView';
import type { ParamView } from '../contract/ParamView';
import type { RunStanding } from '../contract/RunStanding';
import type { RunStepsView } from '../contract/RunStepsView';
import type { StepView } from '../contract/StepView';
import type { StepWhat } from '../contract/StepWhat';
import { NOW } from './servers';

const AS = 'https://auth.example.com';
const MCP = 'https://mcp.one.example';

/** Names with values; what is empty is not shown. */
function params(given: Record<string, string>): ParamView[] {
  return Object.entries(given).map(([name, value]) => ({ name, value: value === '' ? null : value }));
}

const get = (url: string): StepWhat => ({ kind: 'asked', method: 'GET', url, params: [] });
const post = (url: string, sent: Record<string, string>): StepWhat => ({ kind: 'asked', method: 'POST', url, params: params(sent) });
const answer = (status: number, members: Record<string, string> = {}, headers: Record<string, string> = {}): StepWhat => ({ kind: 'answered', status, mediaType: status === 404 ? 'text/html' : 'application/json', headers: params(headers), members: params(members) });
const decided = (decision: Decision, rule: string, refusal = false): StepWhat => ({ kind: 'decided', decision, rule, refusal, exception: false });
const excepted = (decision: Decision, rule: string): StepWhat => ({ kind: 'decided', decision, rule, refusal: false, exception: true });

const discovery: readonly StepWhat[] = [
  decided({ kind: 'challengeRead', resourceMetadata: `${MCP}/.well-known/oauth-protected-resource/mcp`, scope: 'read issues:write' }, 'RFC 9728 §5.1'),
  get(`${MCP}/.well-known/oauth-protected-resource/mcp`),
  answer(200, { authorization_servers: AS, resource: `${MCP}/mcp`, scopes_supported: 'read, issues:write, admin' }),
  decided({ kind: 'resourceMetadataFound', url: `${MCP}/.well-known/oauth-protected-resource/mcp`, place: 'challenge' }, 'RFC 9728 §3.1'),
  decided({ kind: 'resourceAccepted', resource: `${MCP}/mcp` }, 'RFC 9728 §3.3'),
  decided({ kind: 'issuerChosen', issuer: AS, of: 1 }, 'RFC 9728 §7.6'),
  get(`${AS}/.well-known/oauth-authorization-server`),
  answer(200, { issuer: AS, authorization_endpoint: `${AS}/authorize`, token_endpoint: `${AS}/token`, registration_endpoint: `${AS}/register`, code_challenge_methods_supported: 'S256', ui_locales_supported: '' }),
];

const way: readonly StepWhat[] = [
  decided({ kind: 'issuerConfirmed', issuer: AS }, 'RFC 8414 §3.3'),
  decided({ kind: 'pkcePromised' }, 'RFC 7636 §4.2'),
  decided({ kind: 'scopesChosen', scopes: 'read issues:write', from: 'challenge' }, 'MCP authorization, scope selection strategy'),
  post(`${AS}/register`, { client_name: 'Usher', application_type: 'native', redirect_uris: 'dev.usher.desktop://oauth/callback', grant_types: 'authorization_code, refresh_token', response_types: 'code', token_endpoint_auth_method: 'none' }),
  answer(400, { error: 'invalid_redirect_uri', error_description: 'Custom schemes are not allowed' }),
  decided({ kind: 'wayBackRefused', way: 'deepLink' }, 'RFC 7591 §3.2.2', true),
  post(`${AS}/register`, { client_name: 'Usher', redirect_uris: 'http://127.0.0.1:49152/callback/…' }),
  answer(201, { client_id: 'c_8Jx2', registration_access_token: '', redirect_uris: 'http://127.0.0.1:49152/callback/…' }),
  decided({ kind: 'clientRegistered', clientId: 'c_8Jx2' }, 'RFC 7591 §3.2.1'),
  decided({ kind: 'wayBackChosen', way: 'loopbackAddress', remembered: false }, 'RFC 8252 §7'),
  decided({ kind: 'pageOpened', host: 'auth.example.com', scopes: 'read issues:write' }, 'RFC 6749 §4.1.1'),
];

const back: readonly StepWhat[] = [
  decided({ kind: 'answerArrived', by: 'loopback' }, 'RFC 6749 §4.1.2'),
  decided({ kind: 'stateMatched' }, 'RFC 6749 §10.12'),
  decided({ kind: 'answerIssuerMatched', issuer: AS }, 'RFC 9207 §2.4'),
  decided({ kind: 'stateBurnt' }, 'RFC 9700 §4.7.1'),
  post(`${AS}/token`, { grant_type: 'authorization_code', code: '', redirect_uri: 'http://127.0.0.1:49152/callback/…', code_verifier: '', resource: `${MCP}/mcp`, client_id: 'c_8Jx2' }),
  answer(200, { access_token: '', token_type: 'Bearer', expires_in: '3600', refresh_token: '', scope: 'read issues:write' }),
  decided({ kind: 'codeExchanged' }, 'RFC 6749 §4.1.4'),
  decided({ kind: 'tokensKept', expiresIn: 3600, renews: true, scopes: 'read issues:write' }, 'RFC 6749 §5.1'),
];

const passed: readonly StepWhat[] = [
  excepted({ kind: 'issuerAccepted', expected: AS, found: 'https://login.example.com' }, 'RFC 8414 §3.3'),
  excepted({ kind: 'pkceUnpromised', issuer: AS }, 'MCP authorization, authorization code protection'),
  decided({ kind: 'scopesChosen', scopes: 'read issues:write', from: 'challenge' }, 'MCP authorization, scope selection strategy'),
  excepted({ kind: 'parametersAdded', names: 'access_type, prompt' }, 'RFC 6749 §3.1'),
  excepted({ kind: 'resourceOmitted', resource: `${MCP}/mcp` }, 'RFC 8707 §2'),
  excepted({ kind: 'authMethodChosen', method: 'client_secret_post' }, 'RFC 7591 §2'),
];

const wrong: readonly StepWhat[] = [
  decided({ kind: 'issuerDiffers', expected: AS, found: 'https://auth.example.com/' }, 'RFC 8414 §3.3', true),
];

function timed(whats: readonly StepWhat[]): StepView[] {
  return whats.map((what, at) => ({ afterMs: at < 19 ? at * 37 : 42_000 + at * 61, what }));
}

function run(id: string, ago: number, standing: RunStanding, whats: readonly StepWhat[]): RunStepsView {
  const begunAt = NOW - ago;
  const endedAt = standing.kind === 'underWay' || standing.kind === 'unfinished' ? null : begunAt + 43;
  return { run: { id, account: null, begunAt, endedAt, standing }, steps: timed(whats) };
}

const signIn = (outcome: OutcomeView): RunStanding => ({ kind: 'signIn', outcome });
const renewal: readonly StepWhat[] = [
  post(`${AS}/token`, { grant_type: 'refresh_token', refresh_token: '', resource: `${MCP}/mcp`, client_id: 'c_8Jx2' }),
  answer(503, {}, { 'retry-after': '120' }),
  decided({ kind: 'renewalPutOff', seconds: 120 }, 'RFC 9110 §10.2.3'),
];

export const good = run('good', 300, signIn({ kind: 'authorized' }), [...discovery, ...way, ...back]);
export const failed = run('failed', 900, signIn({ kind: 'issuerMismatch', expected: AS, found: `${AS}/` }), [...discovery, ...wrong]);
const PAGE = `${MCP}/.well-known/oauth-protected-resource/mcp`;
export const flawed = run('flawed', 600, signIn({ kind: 'badDocument', document: 'serverMetadata', url: `${AS}/.well-known/oauth-authorization-server`, flaw: { kind: 'wrongElement', member: 'scopes_supported', element: 3, found: 'number' } }), [
  get(PAGE), { kind: 'answered', status: 200, mediaType: 'text/html', headers: [], members: [] },
  decided({ kind: 'resourceMetadataFlawed', url: PAGE, flaw: { kind: 'webPage' } }, 'RFC 9728 §3.2', true),
  ...discovery.slice(1),
  decided({ kind: 'serverMetadataFlawed', url: `${AS}/.well-known/oauth-authorization-server`, flaw: { kind: 'wrongElement', member: 'scopes_supported', element: 3, found: 'number' } }, 'RFC 8414 §3.2', true),
]);
export const excepting = run('excepting', 300, signIn({ kind: 'authorized' }), [excepted({ kind: 'kindChosen' }, 'MCP authorization, protocol requirements'), ...discovery, ...passed, ...back]);
export const underWay = run('s', 20, { kind: 'underWay' }, [...discovery, ...way]);
export const several: readonly RunStepsView[] = [
  good, failed,
  run('renewal', 7200, { kind: 'renewal', end: 'unreachable' }, renewal),
  run('out', 90_000, { kind: 'signOut', revocation: 'notOffered' }, []),
  run('silent', 95_000, signIn({ kind: 'unreachable', host: 'auth.example.com' }), [get(`${MCP}/.well-known/oauth-protected-resource/mcp`), { kind: 'failed', why: 'timedOut' }]),
  run('left', 180_000, { kind: 'unfinished' }, discovery),
];
/** The same, at a server with several accounts. */
export const ofSeveral: readonly RunStepsView[] = several.map((one, at) => ({ ...one, run: { ...one.run, account: ['ada', null, 'bob', 'eve', 'work', 'ada'][at] ?? null } }));
export const long = run('long', 60, signIn({ kind: 'notDiscoverable', url: `${MCP}/mcp` }), [...Array.from({ length: 100 }, (_, at): StepWhat[] => [get(`${MCP}/a/very/long/path/that/somebody/built/for/hop/${String(at)}/of/a/redirect`), answer(302, {}, { location: `${MCP}/next` })]).flat(), { kind: 'leftOut', steps: 7 }, answer(404)]);
