import { useState } from 'react';
import { Form } from 'react-aria-components';

import { Button } from '../parts/Button';
import { TextInput } from '../parts/TextInput';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { ReplaceKey } from './ReplaceKey';

/** Opens the vault with its passphrase. */
export function PassphraseEntry({ wrong }: { readonly wrong: boolean }) {
  const words = useWords();
  const unlock = useAsk('unlock');
  const [passphrase, setPassphrase] = useState('');
  const refused = wrong || unlock.error?.code === 'passphraseWrong';
  const send = async () => {
    await unlock.ask({ passphrase });
    setPassphrase('');
  };
  return (
    <Form className="narrow-text" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextInput label={words.say('vault-passphrase')} type="password" autoComplete="off" value={passphrase} onChange={setPassphrase} problem={refused && !passphrase ? words.say('vault-passphrase-wrong') : undefined} />
      {unlock.error && unlock.error.code !== 'passphraseWrong' ? <ErrorNotice error={unlock.error} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={!passphrase || unlock.busy}>{words.say('vault-unlock')}</Button>
        <ReplaceKey says={words.say('vault-forgotten')} look="quiet" />
      </div>
    </Form>
  );
}
