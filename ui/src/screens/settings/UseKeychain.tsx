import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';
import { DeedSheet } from './DeedSheet';

interface Props {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The keychain in place of a passphrase. */
export function UseKeychain({ onDone, onClose }: Props) {
  const words = useWords();
  const use = useAsk('useKeychain');
  const send = async () => {
    if (await use.ask(null)) onDone();
  };
  return <DeedSheet title={words.say('keys-keychain')} says={words.say('keys-keychain-says')} send={words.say('keys-keychain-send')} isReady busy={use.busy} error={use.error} onSend={() => { void send(); }} onClose={onClose} />;
}
