import { usePassed } from '../state/hooks';
import { useWords } from '../words/words';
import { useWaits } from './useWaits';

/** Nothing for 300 ms, a skeleton after that, words after two seconds. */
export function Loading() {
  const words = useWords();
  const skeleton = usePassed(300);
  const spoken = usePassed(2000);
  const sentence = useWaits() ? 'window-waiting' : 'window-loading';
  return (
    <div className="window" data-place="none" aria-busy="true">
      <div className="side">{skeleton ? <Skeleton rows={7} /> : null}</div>
      <main className="page" aria-label={words.say('window-main')}>
        <h1 className="only-spoken">{words.say('window-title')}</h1>
        <p className="soft centre" role="status">{spoken ? words.say(sentence) : ''}</p>
      </main>
    </div>
  );
}

function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="skeleton-row"><span /><span /></div>
      ))}
    </div>
  );
}
