import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

/** For a page that shows an error: only the person can see it, so only the person can ask for another way back. */
export function AnotherWay({ id }: { readonly id: string }) {
  const words = useWords();
  const another = useAsk('tryAnotherWay');
  return (
    <>
      {another.error ? <ErrorNotice error={another.error} /> : null}
      <p className="another-way soft">
        {words.say('waiting-page-fails')} <Button look="quiet" isDisabled={another.busy} onPress={() => { void another.ask({ id }); }}>{words.say('waiting-another-way')}</Button>
      </p>
    </>
  );
}
