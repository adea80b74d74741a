import { useEffect, useRef } from 'react';

import { SecretInput } from '../../parts/SecretInput';
import { useWords } from '../../words/words';

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly autoFocus?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether what was typed last was wrong. */
  readonly wrong?: boolean;
  /** What to say then, where it may have been something else. */
  readonly wrongWords?: string;
}

/** A passphrase that is known already. A wrong one is typed again at once. */
export function PassphraseInput({ wrong = false, wrongWords, value, ...rest }: Props) {
  const words = useWords();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => { if (wrong) frame.current?.querySelector('input')?.focus(); }, [wrong]);
  return (
    <div ref={frame}>
      <SecretInput {...rest} value={value} problem={wrong && value === '' ? (wrongWords ?? words.say('vault-passphrase-wrong')) : undefined} />
    </div>
  );
}
