import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { exceptionSentences } from '../words/exceptions';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly onReview: () => void;
}

/** What is excepted at this server, for as long as it is: no exception is silent. */
export function ExceptionsNotice({ server, onReview }: Props) {
  const words = useWords();
  const sentences = exceptionSentences(words, server);
  if (sentences.length === 0) return null;
  return (
    <Notice tone="warn" title={words.say('exceptions-active', { count: sentences.length })} actions={<Button look="quiet" onPress={onReview}>{words.say('exceptions-review')}</Button>}>
      <ul className="exceptions-list">
        {sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
    </Notice>
  );
}
