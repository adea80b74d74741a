import { useState } from 'react';

import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';
import { PassphraseInput } from './PassphraseInput';

interface Props {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The keychain in place of a passphrase, which is asked for. */
export function UseKeychain({ onDone, onClose }: Props) {
  const words = useWords();
  const use = useAsk('useKeychain');
  const [passphrase, setPassphrase] = useState('');
  const send = async () => {
    const done = await use.ask({ passphrase });
    setPassphrase('');
    if (done) onDone();
  };
  const wrong = use.error?.code === 'passphraseWrong';
  return (
    <DeedSheet title={words.say('keys-keychain')} says={words.say('keys-keychain-says')} send={words.say('keys-keychain-send')} isReady={passphrase !== ''} busy={use.busy} error={wrong ? null : use.error} onSend={() => { void send(); }} onClose={onClose}>
      <PassphraseInput autoFocus label={words.say('vault-passphrase')} value={passphrase} onChange={setPassphrase} wrong={wrong} />
    </DeedSheet>
  );
}
