import type { ServerView } from '../../../contract/ServerView';
import { Confirm } from '../../parts/Confirm';
import { useWords } from '../../words/words';

interface Props {
  /** What would end them: leaving the server, or saving a change of it. */
  readonly by?: 'leave' | 'edit';
  readonly server: ServerView;
  readonly isOpen: boolean;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

/** Asks before accounts end: none of them comes back without its own sign-in. */
export function LeaveAll({ by = 'leave', server, isOpen, onLeave, onClose }: Props) {
  const words = useWords();
  const [only, ...others] = server.accounts;
  const which = by === 'leave' && only && others.length === 0 ? 'leave-one' : `${by}-all`;
  const alone = which === 'leave-one' && server.signInMethod.kind !== 'person' ? '-machine' : '';
  const values = { server: server.name, count: server.accounts.length, host: only?.issuerHost ?? server.host };
  return (
    <Confirm
      title={words.say(`${which}-title`, values)}
      body={words.say(`${which}-body${alone}`, values)}
      yes={words.say(`${which}-confirm`)}
      no={words.say(`${which}-cancel`)}
      isOpen={isOpen}
      onYes={onLeave}
      onNo={onClose}
    />
  );
}
