import type { NewHeader } from '../../contract/NewHeader';
import { Button } from '../parts/Button';
import { TextInput } from '../parts/TextInput';
import { useWords } from '../words/words';

interface Props {
  readonly headers: readonly NewHeader[];
  readonly onChange: (headers: readonly NewHeader[]) => void;
  /** Names whose value is stored and stays unless one is typed. */
  readonly stored?: readonly string[];
}

/** Headers with their values. A stored value is never shown. */
export function HeaderFields({ headers, onChange, stored = [] }: Props) {
  const words = useWords();
  const change = (at: number, part: Partial<NewHeader>) => { onChange(headers.map((header, index) => (index === at ? { ...header, ...part } : header))); };
  return (
    <fieldset className="headers">
      <legend className="only-spoken">{words.say('header-list')}</legend>
      {headers.map((header, at) => (
        <div key={at} className="header-row">
          <TextInput label={words.say('header-name')} value={header.name} onChange={(name) => { change(at, { name }); }} autoComplete="off" mono />
          <TextInput label={words.say('header-value')} type="password" value={header.value} onChange={(value) => { change(at, { value }); }} autoComplete="off" placeholder={stored.includes(header.name) ? words.say('header-value-kept') : ''} />
          <Button look="quiet" aria-label={words.say('header-remove', { name: header.name })} onPress={() => { onChange(headers.filter((_, index) => index !== at)); }}><span aria-hidden="true">×</span></Button>
        </div>
      ))}
      <p className="hint">{words.say('header-hint')}</p>
      <Button className="btn-small" onPress={() => { onChange([...headers, { name: '', value: '' }]); }}>{words.say('header-add')}</Button>
    </fieldset>
  );
}
