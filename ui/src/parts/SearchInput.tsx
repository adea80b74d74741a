import { Input, SearchField } from 'react-aria-components';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SearchInput({ label, value, onChange }: Props) {
  return (
    <SearchField aria-label={label} value={value} onChange={onChange} className="search">
      <Input className="input" placeholder={label} spellCheck={false} />
    </SearchField>
  );
}
