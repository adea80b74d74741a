import { useState } from 'react';
import { Form } from 'react-aria-components';

import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

const SHORTEST = 12;

/** Protects the vault with a passphrase, typed twice, where there is no keychain. */
export function PassphraseChoice() {
  const words = useWords();
  const choose = useAsk('choosePassphrase');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const missing = SHORTEST - [...passphrase].length;
  const short = passphrase && missing > 0 ? words.say('vault-passphrase-short', { count: missing }) : undefined;
  const differs = again && again !== passphrase ? words.say('vault-passphrase-differs') : undefined;
  return (
    <Form className="vault-choice narrow-text" onSubmit={(event) => { event.preventDefault(); void choose.ask({ passphrase }); }}>
      <h3>{words.say('vault-choose-title')}</h3>
      <TextInput label={words.say('vault-passphrase')} type="password" autoComplete="new-password" hint={words.say('vault-passphrase-hint')} value={passphrase} onChange={setPassphrase} problem={short} />
      <TextInput label={words.say('vault-passphrase-again')} type="password" autoComplete="new-password" value={again} onChange={setAgain} problem={differs} />
      {choose.error ? <ErrorNotice error={choose.error} /> : null}
      <Button type="submit" isDisabled={missing > 0 || again !== passphrase || choose.busy}>{words.say('vault-choose')}</Button>
    </Form>
  );
}
