import { useState } from 'react';
import { Form } from 'react-aria-components';

import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { ReplaceKey } from './ReplaceKey';
import { PassphraseInput } from './settings/PassphraseInput';

/** Opens the vault with its passphrase. */
export function PassphraseEntry({ wrong }: { readonly wrong: boolean }) {
  const words = useWords();
  const unlock = useAsk('unlock');
  const [passphrase, setPassphrase] = useState('');
  // Nobody is torn away from what they are doing.
  const [idle] = useState(() => document.activeElement === document.body);
  const refused = wrong || unlock.error?.code === 'passphraseWrong';
  const send = async () => {
    await unlock.ask({ passphrase });
    setPassphrase('');
  };
  return (
    <Form className="narrow-text" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <PassphraseInput autoFocus={idle} label={words.say('vault-passphrase')} value={passphrase} onChange={setPassphrase} wrong={refused} />
      {unlock.error && unlock.error.code !== 'passphraseWrong' ? <ErrorNotice error={unlock.error} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={!passphrase || unlock.busy}>{words.say('vault-unlock')}</Button>
        <ReplaceKey says={words.say('vault-forgotten')} look="quiet" />
      </div>
    </Form>
  );
}
