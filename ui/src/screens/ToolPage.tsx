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
import { useRun } from '../state/hooks';
import type { Arguments, Run } from '../state/state';
import { took } from '../words/time';
import { useWords, type Words } from '../words/words';
import { Question } from './Question';
import { SignInForTool } from './SignInForTool';
import { ToolWords } from './ToolWords';

/** One tool: what it does, a form made from its schema, and what it answered. */
export function ToolPage({ server, tool }: { readonly server: ServerView; readonly tool: ToolView }) {
  const words = useWords();
  const { run, start } = useRun(server.id, tool.name);
  const plan = useMemo(() => planOf(tool.inputSchema), [tool.inputSchema]);
  const [asJson, setAsJson] = useState(plan.kind === 'json');
  const [values, setValues] = useState<Arguments>(run?.given ?? {});
  const [asking, setAsking] = useState<Arguments | null>(null);
  const ready = server.state.kind === 'ready';
  const running = run?.kind === 'running';
  const submit = (given: Arguments) => {
    setValues(given);
    if (tool.destructive) setAsking(given);
    else start(given);
  };
  const send = (
    <div className="buttons run">
      <Button type="submit" look="primary" isDisabled={!ready || running}>{words.say(running ? 'tool-running' : 'tool-run')}</Button>
      <span className="meta" role="status">{status(words, server, tool, run)}</span>
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
      {running && server.state.kind === 'signInNeeded' ? <SignInForTool server={server} /> : null}
      {server.question?.tool === tool.name ? <Question key={server.question.id} server={server} question={server.question} /> : null}
      {run?.kind === 'failed' ? <ErrorNotice error={run.error} host={server.host} /> : null}
      {run?.kind === 'answered' ? <ResultView result={run.answer} /> : null}
      <Confirm
        title={words.say('tool-confirm-title', { tool: tool.name })}
        body={words.say('tool-confirm-body')}
        yes={words.say('tool-confirm-run')}
        no={words.say('tool-confirm-cancel')}
        isOpen={asking !== null}
        onYes={() => { start(asking ?? {}); setAsking(null); }}
        onNo={() => { setAsking(null); }}
      />
    </article>
  );
}

/** What the run is at, or why there can be none. */
function status(words: Words, server: ServerView, tool: ToolView, run: Run | undefined): string {
  if (run?.kind === 'running') {
    if (server.question?.tool === tool.name) return words.say('tool-waits-for-answer');
    return server.consent?.tool === tool.name ? words.say('tool-waits-for-consent') : '';
  }
  const answered = run?.kind === 'answered' ? words.say('tool-took', { when: took(words, run.answer.tookMs) }) : '';
  return server.state.kind === 'ready' ? answered : words.say('tool-needs-connection');
}
