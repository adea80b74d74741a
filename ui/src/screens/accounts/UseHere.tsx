import type { AccountView } from '../../../contract/AccountView';
import type { ServerView } from '../../../contract/ServerView';
import { Confirm } from '../../parts/Confirm';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { useAsk } from '../../state/hooks';
import { hasSeveral, nameOf } from '../../words/accounts';
import { useWords } from '../../words/words';

interface Props {
  readonly server: ServerView;
  readonly account: AccountView;
  readonly onUsed?: () => void;
  readonly onClose: () => void;
}

/** Asks before an account that moved to another computer is used here again: both must not renew it. */
export function UseHere({ server, account, onUsed, onClose }: Props) {
  const words = useWords();
  const use = useAsk('useHere');
  const yes = async () => {
    if (!(await use.ask({ server: server.id, account: account.id }))) return;
    onClose();
    onUsed?.();
  };
  return (
    <Confirm title={account.label === null && !hasSeveral(server) ? words.say('account-here-title-unnamed') : words.say('account-here-title', { account: nameOf(words, server, account) })} body={words.say('account-here-body')} yes={words.say('account-here')} no={words.say('account-here-cancel')} isOpen busy={use.busy} onYes={() => { void yes(); }} onNo={onClose}>
      <p>{words.say('account-here-instead')}</p>
      {use.error ? <ErrorNotice error={use.error} host={server.host} /> : null}
    </Confirm>
  );
}
