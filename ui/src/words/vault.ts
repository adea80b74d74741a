/** The vault's state in words. */
import type { VaultView } from '../../contract/VaultView';

/** The sentence that says how it is; its attribute `body` says what to do, unless the vault is open. */
export function vaultSentence(vault: VaultView): string {
  switch (vault.kind) {
    case 'open':
      return `vault-open-${vault.keeper}`;
    case 'keyLost':
      return `vault-keyLost-${vault.loss}`;
    case 'keychainAbsent':
    case 'keychainForgets':
      return vault.awaited ? `vault-${vault.kind}-awaited` : `vault-${vault.kind}`;
    case 'keychainLocked':
    case 'keychainNoAnswer':
    case 'passphraseNeeded':
      return `vault-${vault.kind}`;
  }
}
