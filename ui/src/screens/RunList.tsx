import { ListBox, ListBoxItem } from 'react-aria-components';

import type { RunView } from '../../contract/RunView';
import type { ServerView } from '../../contract/ServerView';
import { Dot } from '../parts/Dot';
import { runFacts, runMark, runSentence } from '../words/trace';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly runs: readonly RunView[];
  /** The one whose steps are shown. */
  readonly shown: string;
  readonly onChoose: (run: string) => void;
}

/** The runs of one server: how each ended, what it was, about whom, when it began. */
export function RunList({ server, runs, shown, onChoose }: Props) {
  const words = useWords();
  return (
    <ListBox
      className="tool-list"
      aria-label={words.say('activity-list')}
      onAction={(key) => { onChoose(String(key)); }}
    >
      {runs.map((run) => {
        const how = runSentence(words, run);
        return (
          <ListBoxItem key={run.id} id={run.id} textValue={how} className={run.id === shown ? 'tool run-row run-shown' : 'tool run-row'}>
            <Dot mark={runMark(run)} />
            <span className="tool-name" title={how}>{how}</span>
            <span className="tool-line">{runFacts(words, server, run)}</span>
          </ListBoxItem>
        );
      })}
    </ListBox>
  );
}
