import { useEffect, useRef, useState } from 'react';
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
  const form = useRef<HTMLFormElement>(null);
  // Nobody is torn out of a dialog; it gives the focus here when it closes.
  useEffect(() => { if (!document.querySelector('[role="dialog"], [role="alertdialog"]')) show(form.current); }, []);
  const refused = wrong || unlock.error?.code === 'passphraseWrong';
  const send = async () => {
    await unlock.ask({ passphrase });
    setPassphrase('');
  };
  return (
    <Form ref={form} className="narrow-text" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <PassphraseInput label={words.say('vault-passphrase')} value={passphrase} onChange={setPassphrase} wrong={refused} />
      {unlock.error && unlock.error.code !== 'passphraseWrong' ? <ErrorNotice error={unlock.error} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={!passphrase || unlock.busy}>{words.say('vault-unlock')}</Button>
        <ReplaceKey says={words.say('vault-forgotten')} look="quiet" />
      </div>
    </Form>
  );
}

/** Puts the person where they type it, with what it is for above. */
function show(form: HTMLElement | null): void {
  form?.closest('section')?.scrollIntoView({ block: 'nearest' });
  form?.querySelector('input')?.focus();
}
