import { useEffect, useState } from 'react';

import { useWords } from '../words/words';
import { Button } from './Button';

interface Props {
  /** Gives the text when it is wanted; nothing if there is none. */
  readonly text: () => string | undefined | Promise<string | undefined>;
  readonly label?: string;
  readonly done?: string;
  readonly look?: 'plain' | 'primary' | 'quiet';
}

export function CopyButton({ text, label, done, look = 'quiet' }: Props) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => { setCopied(false); }, 2000);
    return () => { clearTimeout(timer); };
  }, [copied]);
  const copy = async () => {
    const wanted = await text();
    if (wanted === undefined) return;
    await navigator.clipboard.writeText(wanted);
    setCopied(true);
  };
  return (
    <Button look={look} onPress={() => { void copy(); }}>
      <span aria-live="polite">{copied ? (done ?? words.say('window-copied')) : (label ?? words.say('window-copy'))}</span>
    </Button>
  );
}
