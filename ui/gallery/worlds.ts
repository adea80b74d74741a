/** Every state the window can be in, by name. */
import type { QuestionView } from '../contract/QuestionView';
import type { RunStepsView } from '../contract/RunStepsView';
import type { ExceptionsView } from '../contract/ExceptionsView';
import type { OutcomeView } from '../contract/OutcomeView';
import type { RestorationView } from '../contract/RestorationView';
import type { ServerView } from '../contract/ServerView';
import type { Snapshot } from '../contract/Snapshot';
import type { SignInMethodView } from '../contract/SignInMethodView';
import type { VaultView } from '../contract/VaultView';
import type { World } from './host';
import { accounts, last, removals } from './accounts';
import { everyKind, manyFields, question } from './questions';
import { account, error, flaws, outcomes, server, seven, signingIn, NOW } from './servers';
import { excepting, failed, flawed, long, ofSeveral, several, underWay } from './runs';
import { results, tools } from './tools';
import { exported, exportedInPart, found, foundMany, imported, importedInPart } from './transfer';
import { vaultSentence } from '../src/words/vault';

const DATA = '/home/ada/.local/share/usher';

function world(servers: readonly ServerView[], vault: VaultView = { kind: 'open', keeper: 'keychain', lockAfter: null }, runs: readonly RunStepsView[] = []): World {
  return {
    snapshot: { seq: 1, vault, network: 'online', servers: [...servers], version: '0.1.0', dataDirectory: DATA, exportsFolder: '/home/ada/Downloads', restoration: null, remindersSnoozedUntil: null },
    tools: { GitHub: tools },
    results,
    runs,
    probes: {
      'https://mcp.linear.example/mcp': { kind: 'oauth', authorizationHost: 'auth.linear.example', scopes: ['read', 'write', 'issues:create', 'comments:create'] },
      'https://key.example/mcp': { kind: 'header' },
      'https://open.example/mcp': { kind: 'open' },
      'https://site.example/': { kind: 'unsure', evidence: { kind: 'htmlPage' } },
    },
  };
}

const severalProviders = { issuer: null, clientIssuer: null, offered: [{ issuer: 'https://auth.example.com', host: 'auth.example.com' }, { issuer: 'https://login.example.net/tenant', host: 'login.example.net' }] };
const LONG = 'The very long name of a server that somebody in a large company with many departments gave it one afternoon';
const states: Record<string, Partial<ServerView>> = {
  off: { account: account('octo-dev', 'github.com') },
  opening: { state: { kind: 'opening' } },
  never: { state: { kind: 'signInNeeded', reason: 'never' } },
  expired: { state: { kind: 'signInNeeded', reason: 'expired' }, account: account(null, 'auth.example.com') },
  undecryptable: { state: { kind: 'signInNeeded', reason: 'undecryptable' } },
  headerRefused: { state: { kind: 'signInNeeded', reason: 'headerRefused' }, authKind: 'header', headers: [{ name: 'Authorization' }] },
  waiting: { state: { kind: 'waiting', error: error('httpStatus', { host: 'mcp.one.example', status: '503' }), retryAt: NOW + 300 } },
  storeFailed: { state: { kind: 'waiting', error: error('storeFailed'), retryAt: NOW + 8 } },
  offline: { state: { kind: 'offline' }, account: account('octo-dev', 'auth.example.com') },
  'offline-new': { state: { kind: 'offline' } },
  portal: { state: { kind: 'waiting', error: error('portal', { host: 'mcp.one.example' }), retryAt: NOW + 45 }, account: account('octo-dev', 'auth.example.com') },
  stopped: { state: { kind: 'stopped', error: error('certificate', { host: 'mcp.one.example' }) } },
  revoked: { lastRevocation: 'revoked' },
  revocationUnreachable: { lastRevocation: 'unreachable' },
  revocationFailed: { lastRevocation: 'failed' },
  preparing: signingIn({ kind: 'preparing' }),
  browser: signingIn({ kind: 'browser', authorizationHost: 'xn--80ak6aa92e.example', scopes: ['read', 'issues:write', 'offline_access'], opened: true, way: { another: true, again: null } }),
  browserAgain: signingIn({ kind: 'browser', authorizationHost: 'auth.example.com', scopes: ['read'], opened: true, way: { another: true, again: 'linkRefused' } }),
  browserLast: signingIn({ kind: 'browser', authorizationHost: 'auth.example.com', scopes: ['read'], opened: true, way: { another: false, again: 'otherWay' } }),
  unopened: signingIn({ kind: 'browser', authorizationHost: 'auth.example.com', scopes: [], opened: false, way: { another: true, again: null } }),
  finishing: signingIn({ kind: 'finishing' }),
};

const FILE = '/var/run/secrets/tokens/usher';
const methods: Record<string, SignInMethodView> = {
  person: { kind: 'person' },
  clientSecret: { kind: 'clientSecret', clientId: 'usher-nightly' },
  privateKey: { kind: 'privateKey', clientId: 'usher-nightly', keyId: '2026-11' },
  company: { kind: 'company', clientId: 'usher', hasSecret: true, idpIssuer: 'https://login.example.com', idpClientId: '0oa4f8c1', hasIdpSecret: false, tokenFile: null },
  platformToken: { kind: 'platformToken', clientId: 'usher-nightly', tokenFile: FILE },
};
/** How only a sign-in without a person can end. */
const ALONE = ['issuerNotAgreed', 'credentialsElsewhere', 'tokenRefused', 'credentialsRefused', 'credentialsUnreadable', 'keyNotTaken', 'noToken'];
const alone = { signInMethod: { kind: 'clientSecret', clientId: 'usher-nightly' } } as const;

const vaults: readonly VaultView[] = [
  { kind: 'keychainLocked' }, { kind: 'keychainAbsent', awaited: false }, { kind: 'keychainAbsent', awaited: true }, { kind: 'keychainForgets', awaited: false }, { kind: 'keychainForgets', awaited: true },
  { kind: 'keychainNoAnswer' }, { kind: 'passphraseNeeded', wrong: true },
  { kind: 'keyLost', loss: 'missing' }, { kind: 'keyLost', loss: 'otherKey' }, { kind: 'keyLost', loss: 'notAKey' }, { kind: 'keyLost', loss: 'damaged' },
];

const SCOPES = ['repo', 'read:org', 'issues:read', 'issues:write', 'admin:\u202eevil'];
const consent = { scopes: ['issues:write', 'repo:status'], tool: 'merge_pull_request', attempt: 1 };

/** Seven servers, one of which asks for more when a tool is run. */
const asking = (part: Partial<ServerView>) => () => {
  const github = seven[1] ?? server('GitHub');
  return { ...world(seven), waits: { get_file_contents: { ...github, ...part } } };
};
/** Seven servers, one of which asks something when a tool is run. */
const wondering = (part: Partial<QuestionView>) => asking({ question: { ...question, ...part } });
const stores = ['storeNewer', 'storeReadOnly', 'storeFull', 'storeDamaged', 'storeFailed', 'storeNotADirectory', 'storeSymlink', 'storeBusy', 'storeNeedsRestart'] as const;
function restored(restoration: RestorationView, servers: readonly ServerView[]): World {
  const quiet = world(servers);
  return { ...quiet, snapshot: { ...(quiet.snapshot as Snapshot), restoration } };
}

const severalLost = seven.map((one): ServerView => (['Linear', 'GitHub', 'Notion', 'Sentry'].includes(one.name) ? { ...one, state: { kind: 'signInNeeded', reason: 'rejected' } } : one));
/** The same world while the person wants no reminders. */
function unreminded(world: World): World {
  return { ...world, snapshot: { ...(world.snapshot as Snapshot), remindersSnoozedUntil: NOW + 86_400 } };
}

/** The network is gone: what was connected or waited for it is offline, and what is on this computer goes on. */
function offline(servers: readonly ServerView[]): World {
  const cut = (one: ServerView): ServerView => (one.state.kind === 'waiting' || (one.state.kind === 'ready' && one.account) ? { ...one, state: { kind: 'offline' } } : one);
  const quiet = world(servers.map(cut));
  return { ...quiet, snapshot: { ...(quiet.snapshot as Snapshot), network: 'offline' } };
}

const every: ExceptionsView = { acceptedIssuer: 'https://login.example.com/oauth2/tenants/0f3c9a1b', withoutPkceMetadata: true, extraParameters: [{ name: 'access_type', value: 'offline' }, { name: 'prompt', value: 'consent' }], omitResource: true, tokenAuthMethod: 'client_secret_post' };
const failing = (lastOutcome: OutcomeView): Partial<ServerView> => ({ state: { kind: 'signInNeeded', reason: 'never' }, lastOutcome });
const connected: Partial<ServerView> = { state: { kind: 'ready' }, account: account('octo-dev', 'auth.example.com'), toolCount: 8 };
const mismatch: OutcomeView = { kind: 'issuerMismatch', expected: 'https://auth.example.com', found: 'https://login.example.com/oauth2/tenants/0f3c9a1b' };

const passphrase = (lockAfter: number | null): VaultView => ({ kind: 'open', keeper: 'passphrase', lockAfter });
const moving = { exported, found, imported };
const one = (part: Partial<ServerView>) => () => world([server('One', part)]);

export const worlds: Readonly<Record<string, () => World>> = {
  none: () => world([]),
  one: () => world([server('One')]),
  seven: () => world(seven),
  sixty: () => world(Array.from({ length: 60 }, (_, at) => ({ ...(seven[at % 7] ?? server('One')), id: String(at), name: `${seven[at % 7]?.name ?? ''} ${String(at + 1)}` }))),
  odd: () => world([server(LONG, { state: { kind: 'ready' }, authKind: 'open', toolCount: 1 }), server('שרת המחסן', { state: { kind: 'ready' }, account: account('דנה', 'auth.example.com'), toolCount: 5 }), server('Pay\u202epal\u0007', { state: { kind: 'signInNeeded', reason: 'expired' } }), ...seven]),
  'lost-several': () => world(severalLost),
  'lost-several-off': () => unreminded(world(severalLost)),
  'reminders-off': () => unreminded(world(seven)),
  'reminders-refused': () => ({ ...world(seven), refuses: { snoozeReminders: error('storeFull', { path: DATA }) } }),
  loading: () => ({ ...world([]), snapshot: 'never' }),
  ...Object.fromEntries(stores.map((code) => [code, () => ({ ...world([]), snapshot: { code, args: { path: DATA } } })])),
  offline: () => offline(seven),
  restored: () => restored({ madeAt: NOW - 7_200, kept: `${DATA}/damaged/1790000000.db` }, seven),
  'restored-whole': () => restored({ madeAt: NOW - 7_200, kept: null }, seven.slice(1)),
  'address-refused': () => ({ ...world(seven), refuses: { addServer: error('addressNotAUrl') } }),
  full: () => ({ ...world(seven), refuses: { addServer: error('storeFull', { path: DATA }) } }),
  ...Object.fromEntries(Object.entries(states).map(([name, part]) => [`state-${name}`, one(part)])),
  ...Object.fromEntries(outcomes.map((lastOutcome) => [`outcome-${lastOutcome.kind}`, one({ state: { kind: 'signInNeeded', reason: 'never' }, lastOutcome, ...(ALONE.includes(lastOutcome.kind) ? alone : {}) })])),
  ...Object.fromEntries(Object.entries(flaws).map(([name, lastOutcome]) => [`flaw-${name}`, one({ state: { kind: 'signInNeeded', reason: 'never' }, lastOutcome })])),
  'activity-flawed': () => world([server('One')], undefined, [flawed]),
  ...Object.fromEntries(Object.entries(methods).map(([name, signInMethod]) => [`method-${name}`, one({ signInMethod, provider: { ...severalProviders, offered: [] }, account: name === 'person' ? null : account(null, 'auth.example.com'), state: name === 'person' ? { kind: 'off' } : { kind: 'ready' } })])),
  ...Object.fromEntries((['methodIncomplete', 'keyInvalid', 'tokenInvalid', 'pathInvalid'] as const).map((code) => [`method-${code}`, () => ({ ...world([server('One')]), refuses: { setSignInMethod: error(code, code === 'methodIncomplete' ? { field: 'secret' } : {}) } })])),
  here: one({ state: { kind: 'waiting', error: error('unreachable', { host: '127.0.0.1:8080' }), retryAt: NOW + 40 }, host: '127.0.0.1:8080' }),
  'here-outcome': one(failing({ kind: 'unreachable', host: 'localhost' })),
  'moved-unnamed': one({ state: { kind: 'signInNeeded', reason: 'handedOver' }, account: account(null, 'auth.example.com', { needs: 'handedOver' }) }),
  'key-none': one({ state: { kind: 'signInNeeded', reason: 'headerRefused' }, authKind: 'header' }),
  'machine-account': one({ ...alone, ...connected, account: account(null, 'auth.example.com') }),
  'machine-never': one({ ...alone, state: { kind: 'signInNeeded', reason: 'never' } }),
  'machine-rejected': () => world([server('One', { ...alone, state: { kind: 'signInNeeded', reason: 'rejected' }, account: account(null, 'auth.example.com') }), ...seven.slice(1)]),
  'machine-consent': one({ ...alone, state: { kind: 'signInNeeded', reason: 'scope' }, account: account(null, 'auth.example.com'), consent: { ...consent, tool: null } }),
  ...Object.fromEntries(vaults.map((vault) => [vaultSentence(vault), () => world(seven, vault)])),
  locked: () => world(seven.map((one) => ({ ...one, state: { kind: 'off' } })), { kind: 'passphraseNeeded', wrong: false }),
  'lock-running': () => { const github = seven[1] ?? server('GitHub'); return { ...world(seven, passphrase(60)), waits: { get_file_contents: github } }; },
  'locked-wrong': () => ({ ...world(seven.map((one) => ({ ...one, state: { kind: 'off' } })), { kind: 'passphraseNeeded', wrong: false }), refuses: { unlock: error('passphraseWrong') } }),
  passphrase: () => world(seven, passphrase(60)),
  'lost-key': () => world(seven, { kind: 'open', keeper: 'nobody', lockAfter: null }),
  'lost-key-refused': () => ({ ...world(seven), refuses: { rotateKey: error('keychainLostKey') } }),
  'passphrase-odd': () => world(seven, passphrase(45)),
  'passphrase-wrong': () => ({ ...world(seven, passphrase(null)), refuses: { rotateKey: error('passphraseWrong'), changePassphrase: error('passphraseWrong'), useKeychain: error('passphraseWrong') } }),
  transfer: () => ({ ...world(seven), transfer: moving }),
  'transfer-bare': () => ({ ...world(seven.filter((one) => one.accounts.length === 0)), transfer: { exported: { ...exported, servers: 1, accounts: 0 }, found: foundMany, imported: { ...imported, added: 0, known: 1, accounts: 0, needsSignIn: 0 } } }),
  'transfer-in-part': () => ({ ...world(seven), transfer: { exported: exportedInPart, found, imported: importedInPart } }),
  'export-not-undone': () => ({ ...world(seven), refuses: { exportServers: error('exportNotUndone', { servers: `${seven[0]?.name ?? ''}, ${seven[2]?.name ?? ''}` }) } }),
  'export-many-accounts': () => ({ ...world(seven), refuses: { exportServers: error('exportManyAccounts', { most: '512' }) } }),
  'transfer-empty': () => ({ ...world([]), transfer: { ...moving, found: { ...found, servers: [] } } }),
  'export-unwritable': () => ({ ...world(seven), refuses: { exportServers: error('exportUnwritable', { path: `${DATA}/exports` }) } }),
  ...Object.fromEntries((['exportForeign', 'exportNewer', 'exportDamaged', 'exportTooLarge'] as const).map((code) => [code, () => ({ ...world(seven), refuses: { readExport: error(code) } })])),
  ...Object.fromEntries((['keychainLocked', 'keychainAbsent', 'keychainNoAnswer', 'keychainTaken'] as const).map((code) => [`refused-${code}`, () => ({ ...world(seven, passphrase(null)), refuses: { useKeychain: error(code) } })])),
  'transfer-refused': () => ({ ...world(seven), refuses: { exportServers: error('storeFull', { path: DATA }), readExport: error('exportLocked') } }),
  'permissions-all': one({ permissions: { offered: SCOPES, chosen: null } }),
  'permissions-some': one({ permissions: { offered: SCOPES, chosen: ['repo', 'issues:write', 'workflow:by-hand'] } }),
  'permissions-none': one({ permissions: { offered: SCOPES.slice(0, 3), chosen: [] } }),
  'permissions-unnamed': one({}),
  'permissions-many': one({ permissions: { offered: Array.from({ length: 60 }, (_, at) => `https://www.example.com/auth/service.${String(at)}.readonly`), chosen: null }, account: account('octo-dev', 'github.com'), state: { kind: 'ready' } }),
  'consent-tool': asking({ consent: { ...consent, tool: 'get_file_contents' } }),
  'consent-again': asking({ consent: { scopes: [], tool: 'get_file_contents', attempt: 3 } }),
  'consent-sign-in': asking({ state: { kind: 'signInNeeded', reason: 'never' }, account: null, authKind: 'open' }),
  'consent-connect': one({ state: { kind: 'signInNeeded', reason: 'scope' }, account: account('octo-dev', 'github.com'), consent: { ...consent, tool: null } }),
  'consent-elsewhere': () => world(seven.map((one) => (one.id === 'Notion' ? { ...one, consent } : one))),
  'consent-refused': one({ state: { kind: 'stopped', error: error('scopeRefused', { host: 'mcp.one.example', scopes: 'issues:write' }) } }),
  ...Object.fromEntries(Object.entries(accounts).map(([name, view]) => [`accounts-${name}`, () => world([view, ...seven])])),
  ...Object.fromEntries(Object.entries(removals).map(([name, removal]) => [`accounts-removed-${name}`, () => ({ ...world([accounts.several ?? server('One')]), removal })])),
  'accounts-removed-last': () => ({ ...world([accounts.one ?? server('One')]), removal: last }),
  'accounts-refused': () => ({ ...world([accounts.several ?? server('One')]), refuses: { useAccount: error('accountGone') } }),
  question: wondering({}),
  'question-kinds': wondering({ schema: everyKind, more: 2 }),
  'question-yes': wondering({ schema: { type: 'object', properties: {}, required: [] }, message: 'Delete the branch “old-experiments”? It has 14 commits that are nowhere else.' }),
  'question-long': wondering({ message: `${'The terms of this service are as follows, and by answering you agree to each of them. '.repeat(20)}\n\n• one\n• two…`, schema: manyFields }),
  'question-odd': wondering({ message: 'Please type your bank\ufffds password\n<b>now</b> שלום עולם', tool: 'get_file_contents' }),
  'question-refused': () => ({ ...wondering({})(), refuses: { answerQuestion: error('answerUnfit', { field: 'E-mail' }) } }),
  'question-gone': () => ({ ...wondering({})(), refuses: { answerQuestion: error('questionGone') } }),
  'question-further': () => ({ ...wondering({})(), further: { ...(seven[1] ?? server('GitHub')), question: { ...question, id: 'q2', message: 'And what shall stand above it?', schema: { type: 'object', properties: { subject: { type: 'string', title: 'Subject' } }, required: ['subject'] } } } }),
  'question-nobodys': () => world(seven.map((one) => (one.id === 'GitHub' ? { ...one, question: { ...question, tool: null } } : one))),
  'question-elsewhere': () => world(seven.map((one) => (one.id === 'Notion' ? { ...one, question } : one))),
  ...Object.fromEntries((['open', 'header', 'oauth'] as const).map((authKind) => [`activity-none-${authKind}`, one({ authKind })])),
  activity: () => world([server('One', { state: { kind: 'ready' }, account: account('ada', 'auth.example.com') })], undefined, several),
  'activity-accounts': () => world([accounts.several ?? server('One')], undefined, ofSeveral),
  'activity-failed': () => world([server('One')], undefined, [failed]),
  'activity-long': () => world([server('One')], undefined, [long]),
  'activity-running': () => world([server('One', states.browser)], undefined, [underWay]),
  'outcome-issuerChanged-host': one({ state: { kind: 'signInNeeded', reason: 'never' }, lastOutcome: { kind: 'issuerChanged', from: 'https://auth.example.com', fromHost: 'auth.example.com', to: 'https://auth.example.com', toHost: 'tokens.example.net' } }),
  exceptions: one({ ...connected, exceptions: every, authKindOverridden: true }),
  'exceptions-one': one({ ...connected, exceptions: { ...every, acceptedIssuer: null, withoutPkceMetadata: false, omitResource: false, tokenAuthMethod: null } }),
  'exceptions-refused': () => ({ ...world([server('One', { ...connected, exceptions: every })]), refuses: { setExceptions: error('parameterReserved', { name: 'client_id' }) } }),
  'exceptions-activity': () => world([server('One', { ...connected, exceptions: every })], undefined, [excepting]),
  'exception-offer-issuer': one(failing(mismatch)),
  'exception-offer-pkce': one(failing({ kind: 'noPkce', host: 'auth.example.com', others: false })),
  'exception-offer-none': one(failing({ kind: 'noPkce', host: 'auth.example.com', others: true })),
  'exception-offer-resource': one(failing({ kind: 'providerError', host: 'auth.example.com', error: 'invalid_target', description: 'The resource parameter is not supported' })),
  'exception-offer-connected': one({ ...connected, lastOutcome: mismatch }),
  'outcome-nameless': one(failing({ kind: 'issuerMismatch', expected: 'https://auth.example.com', found: null })),
  'outcome-connected': one({ ...connected, lastOutcome: { kind: 'timedOut' } }),
  'several-providers': one({ ...states.browser, provider: severalProviders }),
  'several-providers-settings': one({ provider: severalProviders }),
  wayBack: () => world([server('One', { clientId: 'usher-desktop', wayBack: { choice: 'loopbackAddress', port: 4100, redirectUri: 'http://127.0.0.1:4100/callback/0f3c9a1be2d84756a1c0ffee12345678' } })]),
  client: () => world([server('One', { clientId: 'usher-desktop', hasClientSecret: true, account: account('ada', 'auth.example.com') })]),
};
