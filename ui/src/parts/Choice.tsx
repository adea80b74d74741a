import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text } from 'react-aria-components';

import { ServerText } from './ServerText';

export interface Option {
  readonly id: string;
  readonly label: string;
}

interface Props {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly id?: string;
  readonly hint?: string | undefined;
  readonly options: readonly Option[];
  readonly value: string | null;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly describedBy?: string;
  readonly onChange: (id: string) => void;
}

/** One of a few, from a list that opens. */
export function Choice({ label, hideLabel = false, id, hint, options, value, placeholder, isDisabled = false, describedBy, onChange }: Props) {
  return (
    <Select
      className="field"
      aria-label={hideLabel ? label : undefined}
      aria-describedby={describedBy}
      placeholder={placeholder}
      value={value}
      isDisabled={isDisabled}
      onChange={(key) => { if (key !== null) onChange(String(key)); }}
    >
      {hideLabel ? null : <Label className="react-aria-Label">{label}</Label>}
      <Button className="input choice" id={id}>
        <SelectValue className="choice-value" />
        <span aria-hidden="true" className="choice-arrow" />
      </Button>
      {hint ? <Text slot="description" className="hint">{hint}</Text> : null}
      <Popover className="popover">
        <ListBox className="menu" items={options.map((option) => ({ ...option }))}>
          {(option) => <ListBoxItem className="menu-item" textValue={option.label}><ServerText text={option.label} /></ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
