import type { ToolView } from '../../contract/ToolView';
import { ServerText } from '../parts/ServerText';
import { useWords } from '../words/words';

/** What a tool is called and does, in the server's words. */
export function ToolWords({ tool }: { readonly tool: ToolView }) {
  const words = useWords();
  return (
    <header className="tool-head">
      <h2 id="tool-title"><ServerText text={tool.title ?? tool.name} /></h2>
      <p className="meta">
        {tool.title ? <span className="mono"><ServerText text={tool.name} /></span> : null}
        {tool.readOnly ? <span className="badge">{words.say('tool-read-only')}</span> : null}
        {tool.destructive ? <span className="badge badge-warn">{words.say('tool-destructive')}</span> : null}
      </p>
      {tool.description ? <p className="soft"><ServerText text={tool.description} lines /></p> : null}
    </header>
  );
}
