import type { RevocationView } from '../../../contract/RevocationView';
import { Button } from '../../parts/Button';
import { Notice } from '../../parts/Notice';
import { useWords } from '../../words/words';

interface Props {
  readonly name: string;
  readonly revocation: RevocationView | null;
  readonly onSeen: () => void;
}

/** What really became of the sign-in of an account that was removed. */
export function Removed({ name, revocation, onSeen }: Props) {
  const words = useWords();
  const isOver = revocation === null || revocation === 'revoked' || revocation === 'notOffered';
  const tone = isOver ? 'plain' : 'warn';
  return (
    <div role="status">
      <Notice tone={tone} title={words.say('account-removed', { account: name })} actions={<Button look="quiet" onPress={onSeen}>{words.say('account-removed-seen')}</Button>}>
        <p>{words.say(`account-removed-${revocation ?? 'nothing'}`)}</p>
      </Notice>
    </div>
  );
}
