import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from 'react-aria-components';

interface Props extends TextFieldProps {
  readonly label: string;
  /** A word beside the label, such as “optional”. */
  readonly aside?: string;
  readonly hint?: ReactNode;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly mono?: boolean;
}

export function TextInput({ label, aside, hint, problem, placeholder, rows, mono, ...rest }: Props) {
  const classes = mono ? 'input mono' : 'input';
  return (
    <TextField {...rest} className="field" isInvalid={problem !== undefined}>
      <Label>
        {label} {aside ? <span className="aside">{aside}</span> : null}
      </Label>
      {rows ? <TextArea className={classes} rows={rows} placeholder={placeholder} spellCheck={false} /> : <Input className={classes} placeholder={placeholder} spellCheck={false} />}
      {hint ? <Text slot="description" className="hint">{hint}</Text> : null}
      <FieldError className="problem">{problem}</FieldError>
    </TextField>
  );
}
