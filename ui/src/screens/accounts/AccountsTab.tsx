import type { ServerView } from '../../../contract/ServerView';
import { Dot } from '../../parts/Dot';
import { hasSeveral } from '../../words/accounts';
import { useWords } from '../../words/words';

/** The tab's name: how many accounts there are, and whether one needs the person that the rest of the page does not speak of. */
export function AccountsTab({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const needing = server.accounts.some((account) => account.needs !== null && account.needs !== 'handedOver' && !account.isDefault);
  return (
    <>
      {hasSeveral(server) ? words.say('server-tab-accounts-count', { count: server.accounts.length }) : words.say('server-tab-accounts')}
      {needing ? <> <Dot mark="warn" /><span className="only-spoken">{words.say('account-one-needs')}</span></> : null}
    </>
  );
}
