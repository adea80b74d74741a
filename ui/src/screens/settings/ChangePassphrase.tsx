import { useState } from 'react';

import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';
import { NewPassphrase, usePassphraseDraft } from './NewPassphrase';
import { PassphraseInput } from './PassphraseInput';

interface Props {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Another passphrase in place of the one there is. */
export function ChangePassphrase({ onDone, onClose }: Props) {
  const words = useWords();
  const change = useAsk('changePassphrase');
  const [old, setOld] = useState('');
  const next = usePassphraseDraft();
  const send = async () => {
    if (next.good === null) return;
    const done = await change.ask({ old, new: next.good });
    setOld('');
    if (!done) return;
    next.forget();
    onDone();
  };
  const wrong = change.error?.code === 'passphraseWrong';
  return (
    <DeedSheet title={words.say('keys-change')} says={words.say('keys-change-says')} send={words.say('keys-change-send')} isReady={old !== '' && next.good !== null} busy={change.busy} error={wrong ? null : change.error} onSend={() => { void send(); }} onClose={onClose}>
      <PassphraseInput autoFocus label={words.say('keys-change-old')} value={old} onChange={setOld} wrong={wrong} />
      <NewPassphrase draft={next} label={words.say('keys-change-new')} hint={words.say('vault-passphrase-hint')} />
    </DeedSheet>
  );
}
