/** What a locked vault means for a server. Pure. */
import type { ServerView } from '../../contract/ServerView';
import type { VaultView } from '../../contract/VaultView';

/** Says whether a server waits for the key: what it needs lies in the vault, and only the person can open that. */
export function isLocked(vault: VaultView, { state, accounts, headers }: ServerView): boolean {
  const asks = vault.kind === 'passphraseNeeded' || vault.kind === 'keychainLocked';
  return asks && state.kind !== 'ready' && (accounts.length > 0 || headers.length > 0);
}
