import { Button } from '../parts/Button';
import { useWords } from '../words/words';

const STEPS = ['paste', 'sign-in', 'use'] as const;

/** The empty list, which teaches. */
export function Welcome({ onAdd }: { readonly onAdd: () => void }) {
  const words = useWords();
  return (
    <section className="calm">
      <h1>{words.say('welcome-title')}</h1>
      <p className="soft">{words.say('welcome-body')}</p>
      <ol className="steps">
        {STEPS.map((step) => (
          <li key={step}>
            <b>{words.say(`welcome-step-${step}`)}</b>
            <span className="soft">{words.say(`welcome-step-${step}-body`)}</span>
          </li>
        ))}
      </ol>
      <div className="buttons"><Button look="primary" onPress={onAdd}>{words.say('welcome-add')}</Button></div>
    </section>
  );
}

/** Servers exist, and none is chosen. */
export function Pick() {
  const words = useWords();
  return (
    <section className="calm pick">
      <h1>{words.say('pick-title')}</h1>
      <p className="soft">{words.say('pick-body')}</p>
    </section>
  );
}
