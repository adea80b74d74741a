import type { ParameterView } from '../../contract/ParameterView';
import { Button } from '../parts/Button';
import { TextInput } from '../parts/TextInput';
import { useWords } from '../words/words';

interface Props {
  readonly parameters: readonly ParameterView[];
  readonly onChange: (parameters: readonly ParameterView[]) => void;
}

/** The core takes no more. */
const MOST = 8;

/** What is added to the address of the provider's page. */
export function ParameterFields({ parameters, onChange }: Props) {
  const words = useWords();
  const change = (at: number, part: Partial<ParameterView>) => { onChange(parameters.map((one, index) => (index === at ? { ...one, ...part } : one))); };
  return (
    <fieldset className="headers">
      <legend className="label">{words.say('exceptions-parameters')}</legend>
      {parameters.map((one, at) => (
        <div key={at} className="header-row">
          <TextInput label={words.say('exceptions-parameter-name')} value={one.name} onChange={(name) => { change(at, { name }); }} autoComplete="off" mono />
          <TextInput label={words.say('exceptions-parameter-value')} value={one.value} onChange={(value) => { change(at, { value }); }} autoComplete="off" mono />
          <Button look="quiet" aria-label={words.say('exceptions-parameter-remove', { name: one.name })} onPress={() => { onChange(parameters.filter((_, index) => index !== at)); }}><span aria-hidden="true">×</span></Button>
        </div>
      ))}
      <p className="hint">{words.say('exceptions-parameters-hint')}</p>
      {parameters.length < MOST ? <Button className="btn-small" onPress={() => { onChange([...parameters, { name: '', value: '' }]); }}>{words.say('exceptions-parameter-add')}</Button> : null}
    </fieldset>
  );
}
