import { useState } from 'react';

import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { useRun, useRuns } from '../state/runs';
import { usePassed } from '../state/hooks';
import { useWords } from '../words/words';
import { RunList } from './RunList';
import { RunPage } from './RunPage';

/** The last runs at a server on the left, the steps of one on the right; under 720 px one of the two. */
export function Activity({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const runs = useRuns(server.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = runs?.find((run) => run.id === chosen) ?? runs?.[0];
  const run = useRun(shown?.id);
  const late = usePassed(2000);
  if (!runs) return <p className="soft" role="status">{late ? words.say('activity-loading') : ''}</p>;
  if (!shown) return <p className="soft narrow-text">{words.say(noneId(server))}</p>;
  return (
    <div className="cols" data-chosen={shown.id === chosen}>
      <div className="cols-list">
        <RunList server={server} runs={runs} shown={shown.id} onChoose={setChosen} />
        <p className="hint">{words.say('activity-kept')}</p>
      </div>
      <div className="cols-one">
        <Button look="quiet" className="back-to-tools btn-small" onPress={() => { setChosen(null); }}>{words.say('activity-back')}</Button>
        {run ? <RunPage key={run.run.id} run={run} server={server} /> : null}
      </div>
    </div>
  );
}

/** Names the sentence for why there is nothing: some servers are never signed in to. */
function noneId({ authKind }: ServerView): string {
  return authKind === 'open' || authKind === 'header' ? `activity-none-${authKind}` : 'activity-none';
}
