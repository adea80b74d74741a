import { useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';

import type { QuestionView } from '../../contract/QuestionView';
import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Dot } from '../parts/Dot';
import { ErrorNotice } from '../parts/ErrorNotice';
import { SchemaForm } from '../parts/schema-form/SchemaForm';
import { ServerText } from '../parts/ServerText';
import { useAsk, useQuestionNumber } from '../state/hooks';
import type { Arguments } from '../state/state';
import { questionTitle } from '../words/question';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly question: QuestionView;
}

/** What a tool asks in the middle of its call: whose words they are, a form, and three ways out. Nothing is sent without a click. */
export function Question({ server, question }: Props) {
  const words = useWords();
  const [values, setValues] = useState<Arguments>({});
  const answer = useAsk('answerQuestion');
  const decline = useAsk('declineQuestion');
  const cancel = useAsk('cancelQuestion');
  const asks = [answer, decline, cancel];
  const named = { server: server.id, question: question.id };
  const empty = isEmpty(question.schema);
  const error = asks.find((one) => one.error)?.error;
  const busy = asks.some((one) => one.busy);
  const send = (given: Arguments) => {
    asks.forEach((one) => { one.clear(); });
    setValues(given);
    void answer.ask({ question: named, answer: given });
  };
  const number = useQuestionNumber(server.id, question.tool);
  const title = questionTitle(words, server, question, number);
  const section = useRef<HTMLElement>(null);
  useEffect(() => { if (section.current && !typesElsewhere(section.current)) section.current.focus(); }, []);
  const ends = (
    <>
      {error ? <ErrorNotice error={error} host={server.host} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={busy}>{words.say(empty ? 'question-agree' : 'question-answer')}</Button>
        <Button isDisabled={busy} onPress={() => { void decline.ask(named); }}>{words.say('question-decline')}</Button>
        <Button look="quiet" isDisabled={busy} onPress={() => { void cancel.ask(named); }}>{words.say('question-cancel')}</Button>
        {question.more > 0 ? <span className="meta">{words.say('question-more', { count: question.more })}</span> : null}
      </div>
      <p className="hint">{words.say('question-ways')}</p>
    </>
  );
  return (
    <section ref={section} tabIndex={-1} className="question" aria-label={title}>
      <div className="question-head"><Dot mark="warn" /><h2>{title}</h2>{number > 1 ? <span className="badge badge-warn">{words.say('question-number', { number })}</span> : null}</div>
      <blockquote className="question-words" tabIndex={0} aria-label={words.say('question-words', { host: server.host })}><ServerText text={question.message} lines /></blockquote>
      <p className="question-warning">{words.say('question-warning', { host: server.host })}</p>
      {empty
        ? <Form onSubmit={(event) => { event.preventDefault(); send({}); }}>{ends}</Form>
        : <SchemaForm schema={question.schema} values={values} onChange={setValues} onSubmit={send}>{ends}</SchemaForm>}
    </section>
  );
}

/** Nobody is torn from a field they write in, unless it is one of the tool that asks. */
function typesElsewhere(question: HTMLElement): boolean {
  const active = document.activeElement;
  if (!active?.matches('input, textarea, select, [role="dialog"] *, [role="alertdialog"] *')) return false;
  return !question.closest('article')?.contains(active);
}

function isEmpty(schema: QuestionView['schema']): boolean {
  return Object.keys((schema['properties'] ?? {}) as object).length === 0;
}
