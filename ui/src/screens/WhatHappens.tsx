import { useState } from 'react';

import { useRun } from '../state/runs';
import { useWords } from '../words/words';
import { Timeline } from './Timeline';

/** Folds open while a sign-in goes on: its steps so far, as they come. */
export function WhatHappens({ id }: { readonly id: string }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const run = useRun(open ? id : undefined);
  return (
    <details className="details" onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>{words.say('waiting-what-happens')}</summary>
      {run ? <Timeline steps={run.steps} /> : null}
    </details>
  );
}
