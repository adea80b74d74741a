import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

interface Props extends ButtonProps {
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger';
}

export function Button({ look = 'plain', className, ...rest }: Props) {
  const classes = ['btn', `btn-${look}`, typeof className === 'string' ? className : ''].join(' ').trim();
  return <AriaButton {...rest} className={classes} />;
}
