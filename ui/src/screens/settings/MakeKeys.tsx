import { useState } from 'react';

import type { VaultKind } from '../../../contract/VaultKind';
import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';
import { PassphraseInput } from './PassphraseInput';

interface Props {
  readonly keeper: VaultKind;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** New keys in place of those that everything secret is encrypted under. A passphrase stays the same, and is asked for. */
export function MakeKeys({ keeper, onDone, onClose }: Props) {
  const words = useWords();
  const rotate = useAsk('rotateKey');
  const [passphrase, setPassphrase] = useState('');
  const asks = keeper === 'passphrase';
  const send = async () => {
    const done = await rotate.ask({ passphrase: asks ? passphrase : null });
    setPassphrase('');
    if (done) onDone();
  };
  const wrong = rotate.error?.code === 'passphraseWrong';
  return (
    <DeedSheet title={words.say('keys-rotate')} says={words.say('keys-rotate-says')} send={words.say(rotate.busy ? 'keys-rotate-busy' : 'keys-rotate')} isReady={!asks || passphrase !== ''} busy={rotate.busy} error={wrong ? null : rotate.error} onSend={() => { void send(); }} onClose={onClose}>
      {asks ? <PassphraseInput autoFocus label={words.say('vault-passphrase')} value={passphrase} onChange={setPassphrase} wrong={wrong} /> : null}
    </DeedSheet>
  );
}
