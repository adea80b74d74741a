import { Checkbox, type CheckboxProps } from 'react-aria-components';

interface Props extends Omit<CheckboxProps, 'children'> {
  readonly children: React.ReactNode;
}

export function Check({ children, ...rest }: Props) {
  return (
    <Checkbox {...rest} className="check field">
      <span className="check-box" aria-hidden="true" />
      <span>{children}</span>
    </Checkbox>
  );
}
