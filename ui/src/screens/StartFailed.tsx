import type { AppError } from '../../contract/AppError';
import { Button } from '../parts/Button';
import { useCore } from '../state/hooks';
import { happened, nextStep } from '../words/errors';
import { useWords } from '../words/words';

/** The core could not give anything: what happened and what to do. */
export function StartFailed({ error }: { readonly error: AppError }) {
  const words = useWords();
  const { store } = useCore();
  return (
    <main className="calm">
      <h1>{words.say('window-failed')}</h1>
      <div role="alert">
        <p><b>{happened(words, error)}</b></p>
        <p className="soft">{nextStep(words, error)}</p>
      </div>
      <div className="buttons"><Button look="primary" onPress={() => { void store.start(); }}>{words.say('window-retry')}</Button></div>
    </main>
  );
}
