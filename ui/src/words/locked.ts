/** What a locked vault means for a server. Pure. */
import type { ServerView } from '../../contract/ServerView';
import type { VaultView } from '../../contract/VaultView';

/** Says whether a server waits for the key, which only the person can bring: its connection is closed until then, or what it
 * needs lies in the vault. */
export function isLocked(vault: VaultView, { state, accounts, headers }: ServerView): boolean {
  if (state.kind === 'ready' || state.kind === 'opening') return false;
  return vault.kind === 'passphraseNeeded' || (vault.kind === 'keychainLocked' && (accounts.length > 0 || headers.length > 0));
}
