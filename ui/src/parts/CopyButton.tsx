import { useEffect, useState } from 'react';

import { useWords } from '../words/words';
import { Button } from './Button';
import { copyText } from './copy';

interface Props {
  /** Gives the text when it is wanted; nothing if there is none. */
  readonly text: () => string | undefined | Promise<string | undefined>;
  readonly label?: string;
  readonly done?: string;
  readonly look?: 'plain' | 'primary' | 'quiet';
}

export function CopyButton({ text, label, done, look = 'quiet' }: Props) {
  const words = useWords();
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  useEffect(() => {
    if (copied === 'no') return undefined;
    const timer = setTimeout(() => { setCopied('no'); }, 2000);
    return () => { clearTimeout(timer); };
  }, [copied]);
  const copy = async () => {
    const wanted = await text();
    if (wanted === undefined) return;
    setCopied((await copyText(wanted)) ? 'yes' : 'failed');
  };
  const plain = label ?? words.say('window-copy');
  const said = { no: plain, yes: done ?? words.say('window-copied'), failed: words.say('window-copy-failed') }[copied];
  return (
    <Button look={look} onPress={() => { void copy(); }}>
      <span aria-live="polite">{said}</span>
    </Button>
  );
}
