import { useState } from 'react';

import type { ServerView } from '../../contract/ServerView';
import type { ToolsView } from '../../contract/ToolsView';
import { Button } from '../parts/Button';
import { usePassed } from '../state/hooks';
import { useWords } from '../words/words';
import { ToolList } from './ToolList';
import { ToolPage } from './ToolPage';

interface Props {
  readonly server: ServerView;
  readonly tools: ToolsView | undefined;
  readonly chosen: string | null;
  readonly onChoose: (tool: string | null) => void;
}

/** The tools on the left, the chosen one on the right; under 720 px one of the two. */
export function Tools({ server, tools, chosen, onChoose }: Props) {
  const words = useWords();
  const [query, setQuery] = useState('');
  if (!tools || tools.listedAt === null) return <NotYet server={server} />;
  if (tools.tools.length === 0) return <p className="soft">{words.say('tools-none')}</p>;
  const tool = tools.tools.find((one) => one.name === chosen);
  return (
    <div className="cols" data-chosen={tool !== undefined}>
      <div className="cols-list">
        {server.state.kind === 'ready' ? null : <p className="hint">{words.say('tools-from-before')}</p>}
        <ToolList tools={tools.tools} query={query} onQuery={setQuery} chosen={chosen} onChoose={onChoose} />
      </div>
      <div className="cols-one">
        {tool ? (
          <>
            <Button look="quiet" className="back-to-tools btn-small" onPress={() => { onChoose(null); }}>{words.say('tool-back')}</Button>
            <ToolPage key={tool.name} server={server} tool={tool} />
          </>
        ) : <p className="soft tools-pick">{words.say('tools-pick')}</p>}
      </div>
    </div>
  );
}

function NotYet({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const late = usePassed(2000);
  const asking = server.state.kind === 'opening' || server.state.kind === 'ready';
  if (!asking) return <p className="soft">{words.say('tools-not-yet')}</p>;
  return <p className="soft" role="status">{late ? words.say('tools-loading') : ''}</p>;
}
