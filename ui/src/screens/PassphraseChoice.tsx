import { Form } from 'react-aria-components';

import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { NewPassphrase, usePassphraseDraft } from './settings/NewPassphrase';

/** Protects the vault with a passphrase, typed twice, where there is no keychain. */
export function PassphraseChoice() {
  const words = useWords();
  const choose = useAsk('choosePassphrase');
  const next = usePassphraseDraft();
  const send = async () => {
    if (next.good !== null && (await choose.ask({ passphrase: next.good }))) next.forget();
  };
  return (
    <Form className="vault-choice narrow-text" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <h3>{words.say('vault-choose-title')}</h3>
      <NewPassphrase draft={next} label={words.say('vault-passphrase')} hint={words.say('vault-passphrase-hint')} />
      {choose.error ? <ErrorNotice error={choose.error} /> : null}
      <Button type="submit" isDisabled={next.good === null || choose.busy}>{words.say('vault-choose')}</Button>
    </Form>
  );
}
