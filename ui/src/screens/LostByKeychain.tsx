import { useState } from 'react';

import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Notice } from '../parts/Notice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { UsePassphrase } from './settings/UsePassphrase';

/** The keychain has lost the key, which ends with the app: what to do before that. There until something keeps it again. */
export function LostByKeychain() {
  const words = useWords();
  const retry = useAsk('retryVault');
  const [choosing, setChoosing] = useState(false);
  const end = () => { setChoosing(false); };
  const actions = (
    <>
      <Button look="primary" onPress={() => { setChoosing(true); }}>{words.say('keys-passphrase-begin')}</Button>
      <Button isDisabled={retry.busy} onPress={() => { void retry.ask(null); }}>{words.say('vault-retry')}</Button>
    </>
  );
  return (
    <>
      {retry.error ? <ErrorNotice error={retry.error} /> : null}
      <Notice tone="bad" title={words.say('lost-key-title')} actions={actions}><p>{words.say('lost-key-body')}</p></Notice>
      {choosing ? <UsePassphrase onDone={end} onClose={end} /> : null}
    </>
  );
}
