import { useState } from 'react';

import { Button } from '../parts/Button';
import { Confirm } from '../parts/Confirm';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

/** Gives up what the lost key protected, after asking. */
export function ReplaceKey({ says, look = 'danger' }: { readonly says: string; readonly look?: 'danger' | 'quiet' }) {
  const words = useWords();
  const replace = useAsk('replaceLostKey');
  const [asking, setAsking] = useState(false);
  const yes = async () => {
    if (await replace.ask(null)) setAsking(false);
  };
  return (
    <>
      <Button look={look} onPress={() => { setAsking(true); }}>{says}</Button>
      <Confirm
        title={words.say('vault-replace-title')}
        body={words.say('vault-replace-body')}
        yes={words.say('vault-replace-confirm')}
        no={words.say('vault-replace-cancel')}
        isOpen={asking}
        busy={replace.busy}
        onYes={() => { void yes(); }}
        onNo={() => { setAsking(false); }}
      >
        {replace.error ? <ErrorNotice error={replace.error} /> : null}
      </Confirm>
    </>
  );
}
