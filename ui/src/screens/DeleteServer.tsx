import type { ServerView } from '../../contract/ServerView';
import { Confirm } from '../parts/Confirm';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks before a server is deleted. */
export function DeleteServer({ server, isOpen, onClose }: Props) {
  const words = useWords();
  const gone = useAsk('deleteServer');
  const yes = async () => {
    if (await gone.ask({ id: server.id })) onClose();
  };
  return (
    <Confirm
      title={words.say('delete-title', { server: server.name })}
      body={words.say('delete-body')}
      yes={words.say('delete-confirm')}
      no={words.say('delete-cancel')}
      isOpen={isOpen}
      busy={gone.busy}
      onYes={() => { void yes(); }}
      onNo={onClose}
    >
      {gone.error ? <ErrorNotice error={gone.error} host={server.host} /> : null}
    </Confirm>
  );
}
