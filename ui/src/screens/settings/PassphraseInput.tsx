import { useEffect, useRef } from 'react';

import { TextInput } from '../../parts/TextInput';
import { useWords } from '../../words/words';

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly autoFocus?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether what was typed last was wrong. */
  readonly wrong?: boolean;
}

/** A passphrase that is known already. A wrong one is typed again at once. */
export function PassphraseInput({ wrong = false, value, ...rest }: Props) {
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => { if (wrong) frame.current?.querySelector('input')?.focus(); }, [wrong]);
  return (
    <div ref={frame}>
      <TextInput {...rest} type="password" autoComplete="off" value={value} problem={wrong && value === '' ? words.say('vault-passphrase-wrong') : undefined} />
    </div>
  );
}
