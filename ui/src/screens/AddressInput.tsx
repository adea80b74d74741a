import { useEffect, useRef, type ReactNode } from 'react';

import type { AppError } from '../../contract/AppError';
import { Button } from '../parts/Button';
import { Dot } from '../parts/Dot';
import { TextInput } from '../parts/TextInput';
import { happened, nextStep } from '../words/errors';
import { useWords, type Words } from '../words/words';
import { wholeAddress } from './address';

interface Props {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** How the last attempt to save it ended; what is not about the address is left to others. */
  readonly error: AppError | null;
  /** Whether it was about to be saved as it is. */
  readonly tried: boolean;
  /** What was found there. */
  readonly children?: ReactNode;
}

/** A server's address. One without its beginning is offered whole, and taken so only by a click or by Enter. */
export function AddressInput({ value, onChange, error, tried, children, ...rest }: Props) {
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const whole = wholeAddress(value);
  const problem = whole !== null && tried ? words.say('address-unfinished') : problemOf(words, error);
  const focus = () => { frame.current?.querySelector('input')?.focus(); };
  useEffect(() => { if (problem !== undefined) focus(); }, [problem]);
  const take = (address: string) => {
    onChange(address);
    focus();
  };
  const found = whole === null ? children : <Offer address={whole} onTake={() => { take(whole); }} />;
  return (
    <div ref={frame}>
      <TextInput
        {...rest}
        type="text"
        inputMode="url"
        autoComplete="off"
        value={value}
        onChange={onChange}
        problem={problem}
        onKeyDown={(event) => {
          event.continuePropagation();
          if (event.key !== 'Enter' || whole === null) return;
          event.preventDefault();
          take(whole);
        }}
      />
      {found && (whole !== null || problem === undefined) ? <div className="detection" role="status">{found}</div> : null}
    </div>
  );
}

function Offer({ address, onTake }: { readonly address: string; readonly onTake: () => void }) {
  const words = useWords();
  const scheme = address.slice(0, address.indexOf('//') + 2);
  return (
    <>
      <Dot mark="warn" />
      <div className="address-offer">
        <p><b>{words.say('address-offer', { scheme })}</b> <span className="soft">{words.say('address-offer-how')}</span></p>
        <Button className="btn-small" onPress={onTake}>{words.say('address-offer-take', { address })}</Button>
      </div>
    </>
  );
}

/** Says whether an error is told at the address itself. */
export function isAboutAddress(error: AppError | null): boolean {
  return error?.code.startsWith('address') ?? false;
}

function problemOf(words: Words, error: AppError | null): string | undefined {
  return error && isAboutAddress(error) ? `${happened(words, error)} ${nextStep(words, error)}` : undefined;
}
