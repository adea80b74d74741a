/** Accounts for tests. */
import type { AccountView } from '../../contract/AccountView';
import type { ServerView } from '../../contract/ServerView';
import { server } from './servers';

export function account(id: string, part: Partial<AccountView> = {}): AccountView {
  const label = `${id}@example.com`;
  return { id, isDefault: false, label, labelSource: 'provider', providerLabel: label, needs: null, issuerHost: 'auth.example', scopes: ['read'], signedInAt: 1, expiresAt: null, renews: true, ...part };
}

/** A connected server that is used as the first of these. */
export function usedAs(...accounts: readonly AccountView[]): ServerView {
  const [first, ...others] = accounts.map((one, at) => ({ ...one, isDefault: at === 0 }));
  return server('a', { name: 'Linear', state: { kind: 'ready' }, toolCount: 2, account: first ?? null, accounts: first ? [first, ...others] : [] });
}
