import type { AccountRemoval } from '../../../contract/AccountRemoval';
import type { AccountView } from '../../../contract/AccountView';
import type { ServerView } from '../../../contract/ServerView';
import { Confirm } from '../../parts/Confirm';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { useAsk } from '../../state/hooks';
import { hasSeveral, heirOf, nameOf } from '../../words/accounts';
import { useWords, type Words } from '../../words/words';

interface Props {
  readonly server: ServerView;
  readonly account: AccountView;
  readonly onRemoved: (removal: AccountRemoval) => void;
  readonly onClose: () => void;
}

/** Asks before an account is removed, and says what that means for the server. */
export function RemoveAccount({ server, account, onRemoved, onClose }: Props) {
  const words = useWords();
  const remove = useAsk('removeAccount');
  const yes = async () => {
    const done = await remove.ask({ server: server.id, account: account.id });
    if (done) onRemoved(done.answer);
  };
  return (
    <Confirm
      title={words.say('account-remove-title', { account: nameOf(words, server, account) })}
      body={words.say(`account-remove-body${server.signInMethod.kind === 'person' ? '' : '-machine'}`, { host: account.issuerHost })}
      yes={words.say(remove.busy ? 'account-removing' : 'account-remove-confirm')}
      no={words.say('account-remove-cancel')}
      isOpen
      busy={remove.busy}
      onYes={() => { void yes(); }}
      onNo={onClose}
    >
      <p>{consequence(words, server, account)}</p>
      {remove.error ? <ErrorNotice error={remove.error} host={server.host} /> : null}
    </Confirm>
  );
}

/** What becomes of the server. */
function consequence(words: Words, server: ServerView, account: AccountView): string {
  const heir = heirOf(server, account);
  if (!hasSeveral(server) || !heir) return words.say('account-remove-last', { server: server.name });
  if (!account.isDefault) return words.say('account-remove-beside', { server: server.name });
  return words.say('account-remove-used', { server: server.name, account: nameOf(words, server, heir) });
}
