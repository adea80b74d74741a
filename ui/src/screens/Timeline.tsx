import type { StepView } from '../../contract/StepView';
import { Dot } from '../parts/Dot';
import { ServerText } from '../parts/ServerText';
import { stepDetails, stepMark, stepSentence, stepTime, type Detail } from '../words/trace';
import { useWords } from '../words/words';

/** The steps of a run, one line each; what went over the wire folds open below its line. */
export function Timeline({ steps }: { readonly steps: readonly StepView[] }) {
  const words = useWords();
  if (steps.length === 0) return <p className="soft">{words.say('activity-no-steps')}</p>;
  return (
    <ol className="trace">
      {steps.map((step, at) => <li key={at}><Step step={step} /></li>)}
    </ol>
  );
}

function Step({ step }: { readonly step: StepView }) {
  const details = stepDetails(step.what);
  if (details.length === 0) return <div className="step"><Line step={step} /></div>;
  return (
    <details>
      <summary className="step"><Line step={step} /></summary>
      <Details details={details} />
    </details>
  );
}

function Line({ step }: { readonly step: StepView }) {
  const words = useWords();
  const { what } = step;
  return (
    <>
      <Dot mark={stepMark(what)} />
      <span className={`step-words step-${what.kind}`}>
        {what.kind === 'decided' && what.refusal ? <b className="step-refused">{words.say('step-refused')} </b> : null}
        {what.kind === 'decided' && what.exception ? <b className="step-excepted">{words.say('step-excepted')} </b> : null}
        {stepSentence(words, what)}{' '}
        {what.kind === 'decided' ? <span className="step-rule">{what.rule}</span> : null}
      </span>
      <span className="step-time">{stepTime(words, step)}</span>
    </>
  );
}

function Details({ details }: { readonly details: readonly Detail[] }) {
  const words = useWords();
  return (
    <dl className="facts step-facts">
      {details.map(({ name, value }, at) => (
        <div key={at} className="fact">
          <dt className="mono"><ServerText text={name} /></dt>
          <dd className="mono">{value === null ? <span className="soft">{words.say('step-hidden')}</span> : <ServerText text={value} />}</dd>
        </div>
      ))}
    </dl>
  );
}
