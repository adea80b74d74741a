import { useEffect, useId, useRef, useState } from 'react';
import { FileTrigger } from 'react-aria-components';

import { Button } from '../../parts/Button';
import { ServerText } from '../../parts/ServerText';
import { useWords } from '../../words/words';

/** No export comes near this many bytes. */
const LARGEST = 16 * 1024 * 1024;

export interface Chosen {
  readonly name: string;
  readonly text: string;
}

interface Props {
  readonly label: string;
  readonly chosen: Chosen | null;
  /** Whether the one that was chosen was refused: another is chosen at once. */
  readonly refused: boolean;
  readonly onChoose: (chosen: Chosen | null) => void;
}

/** A file that the person chooses; its text is read at once. */
export function FileInput({ label, chosen, refused, onChoose }: Props) {
  const words = useWords();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => { if (refused) frame.current?.querySelector('button')?.focus(); }, [refused]);
  const [problem, setProblem] = useState<'large' | 'unread' | null>(null);
  const choose = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    const text = file.size > LARGEST ? null : await file.text().catch(() => undefined);
    setProblem(text === null ? 'large' : text === undefined ? 'unread' : null);
    onChoose(typeof text === 'string' ? { name: file.name, text } : null);
  };
  return (
    <div className="field">
      <span className="label" id={id}>{label}</span>
      <div ref={frame} className="file">
        <FileTrigger acceptedFileTypes={['.usher']} onSelect={(files) => { void choose(files); }}>
          <Button autoFocus aria-describedby={`${id}-name`}>{words.say('import-choose')}</Button>
        </FileTrigger>
        <span id={`${id}-name`} className={chosen ? 'file-name' : 'file-name soft'} role="status">{chosen ? <ServerText text={chosen.name} /> : words.say('import-no-file')}</span>
      </div>
      {problem ? <span className="problem" role="alert">{words.say(`import-file-${problem}`)}</span> : null}
    </div>
  );
}
