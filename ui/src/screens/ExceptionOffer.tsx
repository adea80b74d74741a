import { useState } from 'react';

import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Confirm } from '../parts/Confirm';
import { ErrorNotice } from '../parts/ErrorNotice';
import { ServerText } from '../parts/ServerText';
import { useAsk } from '../state/hooks';
import type { Offer } from '../words/exceptions';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly offer: Offer;
  readonly onMade: () => void;
}

/** A second step after a sign-in that failed: what the exception would be, what it risks, and then the sign-in anew. */
export function ExceptionOffer({ server, offer, onMade }: Props) {
  const words = useWords();
  const set = useAsk('setExceptions');
  const [asking, setAsking] = useState(false);
  const id = `exception-offer-${offer.sentence}`;
  const make = async () => {
    const made = await set.ask({ id: server.id, exceptions: { ...server.exceptions, ...offer.exception } });
    if (!made) return;
    setAsking(false);
    onMade();
  };
  return (
    <>
      <p className="exception-offer"><Button look="quiet" onPress={() => { setAsking(true); }}>{words.say('exception-offer')}</Button></p>
      <Confirm
        title={words.say(id, offer.values)}
        body={words.say(`${id}.risk`, offer.values)}
        yes={words.say('exception-offer-yes')}
        no={words.say('exception-offer-no')}
        isOpen={asking}
        busy={set.busy}
        onYes={() => { void make(); }}
        onNo={() => { set.clear(); setAsking(false); }}
      >
        {offer.sentence === 'issuer' ? <Names values={offer.values} /> : null}
        <p className="soft">{words.say('exception-offer-kept', { server: server.name })}</p>
        {set.error ? <ErrorNotice error={set.error} host={server.host} /> : null}
      </Confirm>
    </>
  );
}

/** Both names in full, one under the other: one letter may be all the difference. */
function Names({ values }: { readonly values: Offer['values'] }) {
  const words = useWords();
  return (
    <dl className="facts compared">
      {['expected', 'found'].map((name) => (
        <div key={name} className="fact"><dt>{words.say(`exception-offer-${name}`)}</dt><dd className="mono"><ServerText text={String(values[name])} /></dd></div>
      ))}
    </dl>
  );
}
