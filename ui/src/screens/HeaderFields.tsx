import { useEffect, useRef } from 'react';

import type { NewHeader } from '../../contract/NewHeader';
import { Button } from '../parts/Button';
import { TextInput } from '../parts/TextInput';
import { useWords } from '../words/words';
import { headerProblem } from './headers';

interface Props {
  readonly headers: readonly NewHeader[];
  readonly onChange: (headers: readonly NewHeader[]) => void;
  /** Names whose value is stored and stays unless one is typed. */
  readonly stored?: readonly string[];
  /** New whenever the person has come here to type a key. */
  readonly wanted?: object | null;
}

/** Headers with their values. A stored value is never shown. */
export function HeaderFields({ headers, onChange, stored = [], wanted = null }: Props) {
  const words = useWords();
  const fields = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (wanted === null) return;
    const value = fields.current?.querySelector<HTMLInputElement>('input[type="password"]');
    value?.scrollIntoView({ block: 'center' });
    value?.focus({ preventScroll: true });
  }, [wanted]);
  const change = (at: number, part: Partial<NewHeader>) => { onChange(headers.map((header, index) => (index === at ? { ...header, ...part } : header))); };
  return (
    <fieldset className="headers" ref={fields}>
      <legend className="only-spoken">{words.say('header-list')}</legend>
      {headers.map((header, at) => {
        const problem = headerProblem(header);
        const told = (which: 'name' | 'value') => (problem?.startsWith(which) ? words.say(`header-${problem}`, { name: header.name.trim() }) : undefined);
        return (
          <div key={at} className="header-row">
            <TextInput label={words.say('header-name')} value={header.name} onChange={(name) => { change(at, { name }); }} problem={told('name')} autoComplete="off" mono />
            <TextInput label={words.say('header-value')} type="password" value={header.value} onChange={(value) => { change(at, { value }); }} problem={told('value')} autoComplete="off" placeholder={stored.includes(header.name) ? words.say('header-value-kept') : ''} />
            <Button look="quiet" aria-label={words.say('header-remove', { name: header.name })} onPress={() => { onChange(headers.filter((_, index) => index !== at)); }}><span aria-hidden="true">×</span></Button>
          </div>
        );
      })}
      <p className="hint">{words.say('header-hint')}</p>
      <Button className="btn-small" onPress={() => { onChange([...headers, { name: '', value: '' }]); }}>{words.say('header-add')}</Button>
    </fieldset>
  );
}
