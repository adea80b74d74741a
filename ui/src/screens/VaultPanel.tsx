import type { VaultView } from '../../contract/VaultView';
import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { vaultSentence } from '../words/vault';
import { useWords } from '../words/words';
import { PassphraseChoice } from './PassphraseChoice';
import { PassphraseEntry } from './PassphraseEntry';
import { ReplaceKey } from './ReplaceKey';

/** Secrets cannot be read now: why, and what to do. The list stays visible beside it. */
export function VaultPanel({ vault }: { readonly vault: VaultView }) {
  const words = useWords();
  const retry = useAsk('retryVault');
  if (vault.kind === 'open') return null;
  const sentence = vaultSentence(vault);
  const noKeychain = vault.kind === 'keychainAbsent' || vault.kind === 'keychainForgets';
  return (
    <section className="vault" aria-labelledby="vault-title">
      <h2 id="vault-title">{words.say(sentence)}</h2>
      <p className="soft">{words.say(`${sentence}.body`)}</p>
      {retry.error ? <ErrorNotice error={retry.error} /> : null}
      {vault.kind === 'passphraseNeeded' ? <PassphraseEntry wrong={vault.wrong} /> : (
        <div className="buttons">
          <Button look="primary" isDisabled={retry.busy} onPress={() => { void retry.ask(null); }}>{words.say('vault-retry')}</Button>
          {vault.kind === 'keyLost' ? <ReplaceKey says={words.say('vault-replace')} /> : null}
          {noKeychain && vault.awaited ? <ReplaceKey says={words.say('vault-give-up')} /> : null}
        </div>
      )}
      {noKeychain && !vault.awaited ? <PassphraseChoice /> : null}
    </section>
  );
}
