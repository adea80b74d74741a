import { useState } from 'react';
import { Form } from 'react-aria-components';

import { Button } from '../parts/Button';
import { TextInput } from '../parts/TextInput';
import { useWords } from '../words/words';

/** One more permission, by the name that the provider's documentation gives it. */
export function AddPermission({ onAdd }: { readonly onAdd: (scope: string) => void }) {
  const words = useWords();
  const [typed, setTyped] = useState('');
  const scope = typed.trim();
  const add = () => {
    if (scope === '') return;
    onAdd(scope);
    setTyped('');
  };
  return (
    <Form className="permissions-add" onSubmit={(event) => { event.preventDefault(); add(); }}>
      <TextInput label={words.say('permissions-another')} value={typed} onChange={setTyped} autoComplete="off" mono />
      <Button type="submit" isDisabled={scope === ''}>{words.say('permissions-add')}</Button>
    </Form>
  );
}
