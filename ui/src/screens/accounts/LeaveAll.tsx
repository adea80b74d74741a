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

/** Asks before several accounts end at once: none of them comes back without its own sign-in. */
export function LeaveAll({ by = 'leave', server, isOpen, onLeave, onClose }: Props) {
  const words = useWords();
  const values = { server: server.name, count: server.accounts.length };
  return (
    <Confirm
      title={words.say(`${by}-all-title`, values)}
      body={words.say(`${by}-all-body`, values)}
      yes={words.say(`${by}-all-confirm`)}
      no={words.say(`${by}-all-cancel`)}
      isOpen={isOpen}
      onYes={onLeave}
      onNo={onClose}
    />
  );
}
