import type { ServerView } from '../../../contract/ServerView';
import { Confirm } from '../../parts/Confirm';
import { useWords } from '../../words/words';

interface Props {
  readonly server: ServerView;
  readonly isOpen: boolean;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

/** Asks before a disconnect that ends several accounts at once: none of them comes back without its own sign-in. */
export function LeaveAll({ server, isOpen, onLeave, onClose }: Props) {
  const words = useWords();
  const values = { server: server.name, count: server.accounts.length };
  return (
    <Confirm
      title={words.say('leave-all-title', values)}
      body={words.say('leave-all-body', values)}
      yes={words.say('leave-all-confirm')}
      no={words.say('leave-all-cancel')}
      isOpen={isOpen}
      onYes={onLeave}
      onNo={onClose}
    />
  );
}
