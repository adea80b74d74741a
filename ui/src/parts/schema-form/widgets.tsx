/** The inputs of the form, in React Aria. */
import type { EnumOptionsType, RegistryWidgetsType, WidgetProps } from '@rjsf/utils';
import { ariaDescribedByIds } from '@rjsf/utils';
import { CheckboxGroup, Input, TextArea } from 'react-aria-components';

import { useWords } from '../../words/words';
import { Check } from '../Check';
import { Choice } from '../Choice';

type Option = EnumOptionsType;

function optionsOf(props: WidgetProps): readonly Option[] {
  return props.options.enumOptions ?? [];
}

/** How texts of some formats look; signs, not words. */
const SHAPES: Readonly<Record<string, string>> = { date: 'YYYY-MM-DD', 'date-time': 'YYYY-MM-DDThh:mm:ssZ', email: 'name@example.com', uri: 'https://example.com' };

function LineWidget(props: WidgetProps) {
  const { id, value, disabled, readonly, required, onChange, onBlur, onFocus, options, schema, rawErrors } = props;
  const numeric = schema.type === 'number' || schema.type === 'integer';
  const change = (text: string) => { onChange(text === '' ? options.emptyValue : text); };
  return (
    <Input
      id={id}
      className="input"
      inputMode={numeric ? 'decimal' : 'text'}
      value={value === undefined || value === null ? '' : String(value)}
      disabled={disabled === true}
      readOnly={readonly === true}
      aria-required={required}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      spellCheck={false}
      autoComplete="off"
      placeholder={typeof schema.format === 'string' ? SHAPES[schema.format] : undefined}
      onChange={(event) => { change(event.target.value); }}
      onBlur={(event) => { onBlur(id, event.target.value); }}
      onFocus={(event) => { onFocus(id, event.target.value); }}
    />
  );
}

function LinesWidget({ id, value, disabled, required, onChange, options, rawErrors }: WidgetProps) {
  return (
    <TextArea
      id={id}
      className="input"
      rows={4}
      value={typeof value === 'string' ? value : ''}
      disabled={disabled === true}
      aria-required={required}
      aria-invalid={(rawErrors ?? []).length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={(event) => { onChange(event.target.value === '' ? options.emptyValue : event.target.value); }}
    />
  );
}

/** What stands for “not set” in a list, which must not be a possible value's own key. */
const UNSET = 'unset';

function SelectWidget(props: WidgetProps) {
  const words = useWords();
  const { id, value, required, disabled, multiple, onChange, label } = props;
  const options = optionsOf(props);
  if (multiple) return <CheckboxesWidget {...props} />;
  const at = options.findIndex((option) => option.value === value);
  const unset = required ? [] : [{ id: UNSET, label: words.say('form-unset') }];
  return (
    <Choice
      id={id}
      label={label}
      hideLabel
      isDisabled={disabled === true}
      placeholder={words.say('form-choose')}
      options={[...unset, ...options.map((option, index) => ({ id: String(index), label: option.label }))]}
      value={at < 0 ? null : String(at)}
      describedBy={ariaDescribedByIds(id)}
      onChange={(key) => { onChange(key === UNSET ? undefined : options[Number(key)]?.value); }}
    />
  );
}

/** Optional yes-or-no questions have a third answer: leave it to the server. */
function YesNoWidget(props: WidgetProps) {
  const words = useWords();
  const { value, required, label, onChange } = props;
  if (required || props.schema.default !== undefined) return <Check isSelected={value === true} onChange={(on) => { onChange(on); }}>{label}</Check>;
  return (
    <Choice
      id={props.id}
      label={label}
      hideLabel
      placeholder={words.say('form-unset')}
      options={[{ id: UNSET, label: words.say('form-unset') }, { id: 'true', label: words.say('form-true') }, { id: 'false', label: words.say('form-false') }]}
      value={typeof value === 'boolean' ? String(value) : null}
      onChange={(key) => { onChange(key === UNSET ? undefined : key === 'true'); }}
    />
  );
}

function CheckboxesWidget(props: WidgetProps) {
  const options = optionsOf(props);
  const chosen = Array.isArray(props.value) ? (props.value as unknown[]) : [];
  return (
    <CheckboxGroup aria-label={props.label} value={options.flatMap((option, at) => (chosen.includes(option.value) ? [String(at)] : []))} onChange={(keys) => { props.onChange(keys.map((key) => options[Number(key)]?.value as unknown)); }}>
      {options.map((option, at) => <Check key={String(option.value)} value={String(at)}>{option.label}</Check>)}
    </CheckboxGroup>
  );
}

const line = ['TextWidget', 'PasswordWidget', 'EmailWidget', 'URLWidget', 'DateWidget', 'DateTimeWidget', 'TimeWidget', 'AltDateWidget', 'AltDateTimeWidget', 'ColorWidget', 'FileWidget', 'UpDownWidget', 'RangeWidget'];

export const widgets: RegistryWidgetsType = {
  ...Object.fromEntries(line.map((name) => [name, LineWidget])),
  TextareaWidget: LinesWidget,
  SelectWidget,
  RadioWidget: SelectWidget,
  CheckboxWidget: YesNoWidget,
  CheckboxesWidget,
};
