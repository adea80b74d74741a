import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';
import { NewPassphrase, usePassphraseDraft } from './NewPassphrase';

interface Props {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** A passphrase in place of the keychain. */
export function UsePassphrase({ onDone, onClose }: Props) {
  const words = useWords();
  const choose = useAsk('choosePassphrase');
  const next = usePassphraseDraft();
  const send = async () => {
    if (next.good === null || !(await choose.ask({ passphrase: next.good }))) return;
    next.forget();
    onDone();
  };
  return (
    <DeedSheet title={words.say('keys-passphrase')} says={words.say('keys-passphrase-says')} send={words.say('vault-choose')} isReady={next.good !== null} busy={choose.busy} error={choose.error} onSend={() => { void send(); }} onClose={onClose}>
      <NewPassphrase autoFocus draft={next} label={words.say('vault-passphrase')} hint={words.say('vault-passphrase-hint')} />
    </DeedSheet>
  );
}
