import { useMemo, useState } from 'react';

import type { ServerView } from '../../contract/ServerView';
import type { ToolView } from '../../contract/ToolView';
import { Button } from '../parts/Button';
import { Confirm } from '../parts/Confirm';
import { ErrorNotice } from '../parts/ErrorNotice';
import { ResultView } from '../parts/result/ResultView';
import { JsonForm } from '../parts/schema-form/JsonForm';
import { planOf } from '../parts/schema-form/plan';
import { SchemaForm } from '../parts/schema-form/SchemaForm';
import { useAsk } from '../state/hooks';
import type { ToolResultView } from '../../contract/ToolResultView';
import { useWords } from '../words/words';
import { ToolWords } from './ToolWords';

type Arguments = Record<string, unknown>;

/** One tool: what it does, a form made from its schema, and what it answered. */
export function ToolPage({ server, tool }: { readonly server: ServerView; readonly tool: ToolView }) {
  const words = useWords();
  const call = useAsk('callTool');
  const plan = useMemo(() => planOf(tool.inputSchema), [tool.inputSchema]);
  const [asJson, setAsJson] = useState(plan.kind === 'json');
  const [values, setValues] = useState<Arguments>({});
  const [asking, setAsking] = useState<Arguments | null>(null);
  const [result, setResult] = useState<ToolResultView | null>(null);
  const ready = server.state.kind === 'ready';
  const run = async (given: Arguments) => {
    setAsking(null);
    setResult(null);
    const answered = await call.ask({ server: server.id, tool: tool.name, arguments: given });
    if (answered) setResult(answered.answer);
  };
  const submit = (given: Arguments) => {
    setValues(given);
    if (tool.destructive) setAsking(given);
    else void run(given);
  };
  const send = (
    <div className="buttons run">
      <Button type="submit" look="primary" isDisabled={!ready || call.busy}>{words.say(call.busy ? 'tool-running' : 'tool-run')}</Button>
      <span className="meta" role="status">{result ? <span>{words.say('tool-took', { ms: result.tookMs })}</span> : null}{ready ? null : <span>{words.say('tool-needs-connection')}</span>}</span>
      {plan.kind === 'form' && plan.fields > 0 ? <Button look="quiet" className="btn-small run-other" onPress={() => { setAsJson(!asJson); }}>{words.say(asJson ? 'tool-as-form' : 'tool-as-json')}</Button> : null}
    </div>
  );
  return (
    <article aria-labelledby="tool-title">
      <ToolWords tool={tool} />
      {plan.kind === 'json' ? <p className="hint">{words.say('tool-only-json')}</p> : null}
      {asJson || plan.kind === 'json'
        ? <JsonForm schema={tool.inputSchema} values={values} onChange={setValues} onSubmit={submit}>{send}</JsonForm>
        : <SchemaForm schema={plan.schema} values={values} onChange={setValues} onSubmit={submit}>{send}</SchemaForm>}
      {call.error ? <ErrorNotice error={call.error} host={server.host} /> : null}
      {result ? <ResultView result={result} /> : null}
      <Confirm
        title={words.say('tool-confirm-title', { tool: tool.name })}
        body={words.say('tool-confirm-body')}
        yes={words.say('tool-confirm-run')}
        no={words.say('tool-confirm-cancel')}
        isOpen={asking !== null}
        onYes={() => { void run(asking ?? {}); }}
        onNo={() => { setAsking(null); }}
      />
    </article>
  );
}
