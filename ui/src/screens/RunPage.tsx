import type { RunStepsView } from '../../contract/RunStepsView';
import type { ServerView } from '../../contract/ServerView';
import { CopyButton } from '../parts/CopyButton';
import { useVersion } from '../state/runs';
import { runFacts, runSentence, transcript } from '../words/trace';
import { useWords } from '../words/words';
import { Timeline } from './Timeline';

interface Props {
  readonly run: RunStepsView;
  readonly server: ServerView;
}

/** One run: how it ended, its steps, and a copy for a report. */
export function RunPage({ run, server }: Props) {
  const words = useWords();
  const version = useVersion();
  const text = () => transcript(words, run, { version, host: server.host });
  return (
    <section aria-labelledby="run-title">
      <div className="run-head">
        <div>
          <h2 id="run-title">{runSentence(words, run.run)}</h2>
          <p className="meta">{runFacts(words, server, run.run)}</p>
        </div>
        <CopyButton look="plain" label={words.say('activity-copy')} text={text} />
      </div>
      <Timeline steps={run.steps} />
    </section>
  );
}
