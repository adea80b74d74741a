import type { ToolResultView } from '../../../contract/ToolResultView';
import { useWords } from '../../words/words';
import { CopyButton } from '../CopyButton';
import { Notice } from '../Notice';
import { ContentPart } from './ContentPart';
import { ValueView } from './ValueView';

/** What a tool answered: every part of it, in order. */
export function ResultView({ result }: { readonly result: ToolResultView }) {
  const words = useWords();
  const structured = result.structured !== null && result.structured !== undefined;
  const empty = result.content.length === 0 && !structured;
  return (
    <section className="result" aria-label={words.say('tool-result')}>
      <div className="result-head">
        <h3>{words.say('tool-result')}</h3>
        {empty ? null : <CopyButton label={words.say('result-copy')} text={() => textOf(result)} />}
      </div>
      {result.isError ? <div role="alert"><Notice tone="bad" title={words.say('tool-failed')} /></div> : null}
      {empty ? <p className="soft">{words.say('tool-result-empty')}</p> : null}
      {structured ? <ValueView value={result.structured} /> : null}
      {result.content.filter((part) => !(structured && repeats(part, result.structured))).map((part, at) => <ContentPart key={at} part={part} />)}
    </section>
  );
}

/** Servers send a structured answer once more as text, for older clients. */
function repeats(part: ToolResultView['content'][number], structured: unknown): boolean {
  if (part.kind !== 'text') return false;
  try {
    return JSON.stringify(JSON.parse(part.text)) === JSON.stringify(structured);
  } catch {
    return false;
  }
}

function textOf(result: ToolResultView): string {
  if (result.structured !== null && result.structured !== undefined) return JSON.stringify(result.structured, null, 2);
  return result.content.map((part) => (part.kind === 'text' ? part.text : part.kind === 'link' ? part.uri : `[${part.mediaType}]`)).join('\n');
}
