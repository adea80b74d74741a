import { useEffect, useRef, useState } from 'react';

import type { AccountRemoval } from '../../../contract/AccountRemoval';
import type { AccountView } from '../../../contract/AccountView';
import type { ServerView } from '../../../contract/ServerView';
import { Button } from '../../parts/Button';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { useAsk } from '../../state/hooks';
import { nameOf } from '../../words/accounts';
import { useWords } from '../../words/words';
import { AccountCard } from './AccountCard';
import { NoAccount } from './NoAccount';
import { RemoveAccount } from './RemoveAccount';
import { Removed } from './Removed';

interface Gone extends AccountRemoval {
  readonly name: string;
}

/** The accounts of one server: which there are, which one is used, and what can be done with each. */
export function Accounts({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const add = useAsk('addAccount');
  const [removing, setRemoving] = useState<AccountView | null>(null);
  const [gone, setGone] = useState<Gone | null>(null);
  const section = useRef<HTMLElement>(null);
  // The button that was pressed went with its account.
  useEffect(() => { if (gone) section.current?.focus(); }, [gone]);
  const removed = (account: AccountView, removal: AccountRemoval) => {
    setGone({ ...removal, name: nameOf(words, server, account) });
    setRemoving(null);
  };
  return (
    <section ref={section} tabIndex={-1} className="accounts" aria-label={words.say('server-tab-accounts')}>
      {gone && server.accounts.length > 0 ? <Removed name={gone.name} revocation={gone.revocation} onSeen={() => { setGone(null); }} /> : null}
      {server.accounts.length === 0 ? <NoAccount server={server} /> : (
        <>
          <ul className="account-list">
            {server.accounts.map((account) => (
              <AccountCard key={account.id} server={server} account={account} onRemove={() => { setRemoving(account); }} />
            ))}
          </ul>
          {add.error ? <ErrorNotice error={add.error} host={server.host} /> : null}
          {server.signInMethod.kind === 'person' ? (
            <div className="account-add">
              <Button isDisabled={add.busy} onPress={() => { void add.ask({ id: server.id }); }}>{words.say('account-add')}</Button>
              <p className="hint">{words.say('account-add-hint')}</p>
            </div>
          ) : null}
        </>
      )}
      {removing ? <RemoveAccount server={server} account={removing} onRemoved={(removal) => { removed(removing, removal); }} onClose={() => { setRemoving(null); }} /> : null}
    </section>
  );
}
