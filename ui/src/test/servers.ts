/** Servers for tests. */
import type { AccountView } from '../../contract/AccountView';
import type { ServerView } from '../../contract/ServerView';
import type { Snapshot } from '../../contract/Snapshot';
import { NO_EXCEPTIONS } from '../words/exceptions';

export function server(id: string, part: Partial<ServerView> = {}): ServerView {
  return {
    id, name: id, url: `https://${id}.example/mcp`, host: `${id}.example`, authKind: 'oauth', authKindOverridden: false, headers: [], clientId: null, hasClientSecret: false,
    provider: { issuer: null, offered: [], clientIssuer: null }, permissions: { offered: [], chosen: null }, signInMethod: { kind: 'person' }, wayBack: { choice: 'automatic', port: null, redirectUri: 'dev.usher.desktop://oauth/callback' }, exceptions: NO_EXCEPTIONS, state: { kind: 'off' }, account: null, accounts: [], consent: null, question: null, signIn: null, lastOutcome: null, lastRevocation: null, toolCount: null, ...part,
  };
}

export const account: AccountView = {
  id: 'x', isDefault: true, label: 'ada', labelSource: 'provider', providerLabel: 'ada', needs: null, issuerHost: 'auth.example', scopes: [], signedInAt: 1_790_000_000, expiresAt: null, renews: true,
};

export function snapshot(seq: number, servers: ServerView[]): Snapshot {
  return { seq, servers, vault: { kind: 'open', keeper: 'keychain', lockAfter: null }, network: 'online', version: '1', dataDirectory: '/data', exportsFolder: '/home/ada/Downloads', restoration: null, remindersSnoozedUntil: null };
}
