/** Servers with several accounts, in every state. */
import type { AccountRemoval } from '../contract/AccountRemoval';
import type { AccountView } from '../contract/AccountView';
import type { PurposeView } from '../contract/PurposeView';
import type { RevocationView } from '../contract/RevocationView';
import type { ServerView } from '../contract/ServerView';
import { account, server, signingIn, NOW } from './servers';

const ada = account('ada@example.com', 'auth.example.com', { id: 'ada' });
const bob = account('bob@example.com', 'auth.example.com', { id: 'bob', isDefault: false, expiresAt: NOW + 1_200, scopes: ['repo'] });
const work = account('Work', 'login.example.net', { id: 'work', isDefault: false, labelSource: 'person', providerLabel: 'ada.lovelace@analytical.example', scopes: [], expiresAt: null, renews: false });
const spent: Partial<AccountView> = { needs: 'rejected', expiresAt: NOW - 5_000 };
const LONG = 'ada.augusta.king.countess.of.lovelace+analytical-engine-department@mail.a-very-long-subdomain.of-a-large-company.example';
const scopes = Array.from({ length: 40 }, (_, at) => `https://www.example.com/auth/service.${String(at)}.readonly`);

function used(accounts: readonly AccountView[], part: Partial<ServerView> = {}): ServerView {
  return server('One', { state: { kind: 'ready' }, toolCount: 8, accounts: [...accounts], account: accounts.find((one) => one.isDefault) ?? null, ...part });
}

const waiting = (purpose: PurposeView) => ({ ...signingIn({ kind: 'browser', authorizationHost: 'auth.example.com', scopes: ['repo'], opened: true, way: { another: false, again: null } }, purpose), state: { kind: 'ready' } as const });

/** What the server is in each scene. */
export const accounts: Readonly<Record<string, ServerView>> = {
  one: used([ada]),
  unnamed: used([{ ...ada, label: null, labelSource: null, providerLabel: null }]),
  several: used([ada, bob, work]),
  'several-unnamed': used([ada, bob, work].map((one) => ({ ...one, label: null, labelSource: null, providerLabel: null }))),
  needs: used([ada, { ...bob, ...spent }]),
  'needs-used': used([{ ...ada, ...spent, needs: 'expired' }, bob], { state: { kind: 'signInNeeded', reason: 'expired' } }),
  moved: used([{ ...ada, needs: 'handedOver' }, { ...bob, needs: 'handedOver' }, work], { state: { kind: 'signInNeeded', reason: 'handedOver' } }),
  off: used([ada, bob], { state: { kind: 'off' } }),
  long: used([{ ...ada, label: LONG, providerLabel: LONG, scopes }, { ...bob, label: 'דנה\u202e', issuerHost: 'a-very-long-tenant-name-of-a-large-company.eu-central-1.identity.example' }]),
  none: server('One', { state: { kind: 'signInNeeded', reason: 'never' } }),
  adding: used([ada, bob], waiting({ kind: 'add' })),
  again: used([ada, bob], waiting({ kind: 'again', account: 'bob' })),
  'again-unnamed': used([{ ...ada, label: 'Home', labelSource: 'person', providerLabel: null }, bob], waiting({ kind: 'again', account: 'ada' })),
  switching: used([ada], waiting({ kind: 'switch' })),
};

/** What removing Ada's account comes to, by its revocation. */
export const removals: Readonly<Record<string, AccountRemoval>> = Object.fromEntries(
  (['revoked', 'notOffered', 'unreachable', 'failed', null] as const).map((revocation: RevocationView | null) => [revocation ?? 'nothing', { revocation, server: used([{ ...bob, isDefault: true }, work]) }]),
);

/** The same where she was the last. */
export const last: AccountRemoval = { revocation: 'revoked', server: server('One', { lastRevocation: 'revoked' }) };
