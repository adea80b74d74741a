import { useState } from 'react';
import { Form } from 'react-aria-components';

import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

/** Takes the address that a browser on another machine ended at. */
export function PasteAddress({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const paste = useAsk('pasteAnswer');
  const [address, setAddress] = useState('');
  const send = async () => {
    if (await paste.ask({ address: address.trim() })) onClose();
  };
  return (
    <Form className="paste" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextInput autoFocus label={words.say('paste-label')} hint={words.say('paste-hint')} value={address} onChange={setAddress} autoComplete="off" mono />
      {paste.error ? <ErrorNotice error={paste.error} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={!address.trim() || paste.busy}>{words.say('paste-send')}</Button>
        <Button look="quiet" onPress={onClose}>{words.say('paste-cancel')}</Button>
      </div>
    </Form>
  );
}
