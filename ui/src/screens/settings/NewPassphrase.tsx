import { useState } from 'react';

import { SecretInput } from '../../parts/SecretInput';
import { useWords } from '../../words/words';

/** The core takes none that is shorter. */
const SHORTEST = 12;

export interface PassphraseDraft {
  readonly typed: string;
  readonly again: string;
  readonly type: (typed: string) => void;
  readonly repeat: (again: string) => void;
  /** The passphrase, once it is long enough and twice the same. */
  readonly good: string | null;
  readonly forget: () => void;
}

/** A new passphrase while it is typed, twice. */
export function usePassphraseDraft(): PassphraseDraft {
  const [typed, type] = useState('');
  const [again, repeat] = useState('');
  const forget = () => {
    type('');
    repeat('');
  };
  return { typed, again, type, repeat, good: missing(typed) <= 0 && again === typed ? typed : null, forget };
}

interface Props {
  readonly draft: PassphraseDraft;
  readonly label: string;
  readonly hint: string;
  readonly autoFocus?: boolean;
}

/** The two fields of a new passphrase, and what is still wrong with them. */
export function NewPassphrase({ draft, label, hint, autoFocus = false }: Props) {
  const words = useWords();
  const { typed, again, type, repeat } = draft;
  const short = typed && missing(typed) > 0 ? words.say('vault-passphrase-short', { count: missing(typed) }) : undefined;
  const differs = again && again !== typed ? words.say('vault-passphrase-differs') : undefined;
  return (
    <>
      <SecretInput autoFocus={autoFocus} label={label} hint={hint} value={typed} onChange={type} problem={short} />
      <SecretInput label={words.say('vault-passphrase-again')} value={again} onChange={repeat} problem={differs} />
    </>
  );
}

function missing(passphrase: string): number {
  return SHORTEST - [...passphrase].length;
}
