import { useState, type ReactNode } from 'react';
import { Form } from 'react-aria-components';

import { useWords, type Words } from '../../words/words';
import { TextInput } from '../TextInput';
import { JsonText } from '../result/JsonText';

type Values = Record<string, unknown>;

interface Props {
  readonly schema: Record<string, unknown>;
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  readonly onSubmit: (values: Values) => void;
  readonly children: ReactNode;
}

type Read = { readonly values: Values } | { readonly problem: string };

function read(words: Words, text: string): Read {
  try {
    const value: unknown = JSON.parse(text || '{}');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: words.say('tool-json-no-object') };
    return { values: value as Values };
  } catch (thrown) {
    return { problem: words.say('tool-json-invalid', { problem: thrown instanceof Error ? thrown.message : '' }) };
  }
}

/** The arguments as JSON text, for schemas no form can show and for people who prefer it. */
export function JsonForm({ schema, values, onChange, onSubmit, children }: Props) {
  const words = useWords();
  const [text, setText] = useState(() => JSON.stringify(values, null, 2));
  const now = read(words, text);
  const change = (next: string) => {
    setText(next);
    const found = read(words, next);
    if ('values' in found) onChange(found.values);
  };
  return (
    <Form onSubmit={(event) => { event.preventDefault(); if ('values' in now) onSubmit(now.values); }}>
      <TextInput label={words.say('tool-json')} rows={8} mono value={text} onChange={change} problem={'problem' in now ? now.problem : undefined} validationBehavior="aria" />
      <details className="details">
        <summary>{words.say('tool-schema')}</summary>
        <JsonText value={schema} />
      </details>
      {children}
    </Form>
  );
}
