import { useEffect, useRef, useState } from 'react';
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';

import { useWords } from '../words/words';
import { Button } from './Button';

interface Props extends Omit<TextFieldProps, 'type' | 'autoComplete'> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
}

/** A field whose text is hidden unless the person wants to see it. Sending its form hides it again. */
export function SecretInput({ label, hint, problem, ...rest }: Props) {
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const form = frame.current?.closest('form');
    const hide = () => { setShown(false); };
    form?.addEventListener('submit', hide);
    return () => { form?.removeEventListener('submit', hide); };
  }, []);
  return (
    <TextField {...rest} className="field" type={shown ? 'text' : 'password'} autoComplete="off" isInvalid={problem !== undefined}>
      <Label>{label}</Label>
      <div ref={frame} className="secret">
        <Input className="input" spellCheck={false} autoCapitalize="none" autoCorrect="off" />
        <Button look="quiet" className="btn-small secret-show" aria-label={words.say(shown ? 'secret-hide-what' : 'secret-show-what', { what: label })} onPress={() => { setShown(!shown); }}>
          {words.say(shown ? 'secret-hide' : 'secret-show')}
        </Button>
      </div>
      {hint ? <Text slot="description" className="hint">{hint}</Text> : null}
      <FieldError className="problem">{problem}</FieldError>
    </TextField>
  );
}
