import type { VaultView } from '../../contract/VaultView';
import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { PassphraseChoice } from './PassphraseChoice';
import { PassphraseEntry } from './PassphraseEntry';
import { ReplaceKey } from './ReplaceKey';

/** Secrets cannot be read now: why, and what to do. The list stays visible beside it. */
export function VaultPanel({ vault }: { readonly vault: VaultView }) {
  const words = useWords();
  const retry = useAsk('retryVault');
  if (vault.kind === 'open') return null;
  return (
    <section className="vault" aria-labelledby="vault-title">
      <h2 id="vault-title">{words.say(`vault-${vault.kind}`)}</h2>
      <p className="soft">{words.say(`vault-${vault.kind}.body`)}</p>
      {retry.error ? <ErrorNotice error={retry.error} /> : null}
      {vault.kind === 'passphraseNeeded' ? <PassphraseEntry wrong={vault.wrong} /> : (
        <div className="buttons">
          <Button look="primary" isDisabled={retry.busy} onPress={() => { void retry.ask(null); }}>{words.say('vault-retry')}</Button>
          {vault.kind === 'keyLost' ? <ReplaceKey /> : null}
        </div>
      )}
      {vault.kind === 'keychainAbsent' ? <PassphraseChoice /> : null}
    </section>
  );
}
