import { useEffect, useRef, useState } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

import type { AccountView } from '../../../contract/AccountView';
import type { ServerView } from '../../../contract/ServerView';
import { Button } from '../../parts/Button';
import { Dot } from '../../parts/Dot';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { ServerText } from '../../parts/ServerText';
import { useAsk, useNow } from '../../state/hooks';
import { hasSeveral, lasting, nameOf } from '../../words/accounts';
import { reasonId } from '../../words/sentences';
import { visible } from '../../words/visible';
import { useWords } from '../../words/words';
import { AccountFacts } from './AccountFacts';
import { RenameAccount } from './RenameAccount';
import { UseHere } from './UseHere';

interface Props {
  readonly server: ServerView;
  readonly account: AccountView;
  readonly onRemove: () => void;
}

type Naming = 'not yet' | 'under way' | 'done';

/** One account: who it is, how it stands, what it may, and its deeds. */
export function AccountCard({ server, account, onRemove }: Props) {
  const words = useWords();
  const use = useAsk('useAccount');
  const again = useAsk('reconnectAccount');
  const [naming, setNaming] = useState<Naming>('not yet');
  const [returning, setReturning] = useState<'not yet' | 'asked' | 'done'>('not yet');
  const card = useRef<HTMLLIElement>(null);
  // The button that was pressed went with what it changed.
  useEffect(() => { if (returning === 'done') card.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus(); }, [returning]);
  const named = { server: server.id, account: account.id };
  const name = nameOf(words, server, account);
  const error = use.error ?? again.error;
  const deeds = {
    use: { label: words.say('account-use'), spoken: words.say('account-use-which', { account: name }), act: () => { void use.ask(named); } },
    back: { label: words.say('account-here'), spoken: words.say('account-here-which', { account: name }), act: () => { setReturning('asked'); } },
    again: { label: words.say('account-again'), spoken: words.say('account-again-which', { account: name }), act: () => { void again.ask(named); } },
  };
  const moved = account.needs === 'handedOver';
  const others = account.isDefault ? (['again'] as const) : (['use', 'again'] as const);
  const first = moved ? 'back' : account.needs !== null ? 'again' : others.find((deed) => deed === 'use');
  return (
    <li ref={card} className="account" data-used={account.isDefault && hasSeveral(server)}>
      <div className="account-head">
        {naming === 'under way' ? <RenameAccount server={server} account={account} onClose={() => { setNaming('done'); }} /> : (
          <>
            <h2 className="account-name" title={visible(name)}><ServerText text={name} /></h2>
            {account.isDefault && hasSeveral(server) ? <span className="badge badge-used">{words.say('account-used')}</span> : null}
            <div className="account-deeds">
              {first ? <Button className="btn-small" aria-label={deeds[first].spoken} isDisabled={use.busy || again.busy} onPress={deeds[first].act}>{deeds[first].label}</Button> : null}
              <MenuTrigger>
                <Button look="quiet" className="btn-small" autoFocus={naming === 'done'} aria-label={words.say('account-more', { account: name })}><span aria-hidden="true">•••</span></Button>
                <Popover className="popover" placement="bottom end">
                  <Menu className="menu">
                    {others.filter((deed) => deed !== first).map((deed) => <MenuItem key={deed} className="menu-item" onAction={deeds[deed].act}>{deeds[deed].label}</MenuItem>)}
                    <MenuItem className="menu-item" onAction={() => { setNaming('under way'); }}>{words.say('account-rename')}</MenuItem>
                    <MenuItem className="menu-item danger" onAction={onRemove}>{words.say('account-remove')}</MenuItem>
                  </Menu>
                </Popover>
              </MenuTrigger>
            </div>
          </>
        )}
      </div>
      <Standing server={server} account={account} />
      {error ? <ErrorNotice error={error} host={server.host} /> : null}
      <AccountFacts account={account} />
      {returning === 'asked' ? <UseHere server={server} account={account} onUsed={() => { setReturning('done'); }} onClose={() => { setReturning('not yet'); }} /> : null}
    </li>
  );
}

function Standing({ server, account }: Pick<Props, 'server' | 'account'>) {
  const words = useWords();
  const now = useNow(1);
  const host = account.issuerHost;
  const moved = account.needs === 'handedOver';
  return (
    <p className="account-standing">
      <Dot mark={account.needs === null ? 'ok' : moved ? 'off' : 'warn'} />
      <span>
        {account.needs === null ? <span className="soft">{[words.say('account-at', { host }), lasting(words, account, now)].join(' · ')}</span> : (
          <><b>{words.say(moved ? 'state-moved' : 'state-sign-in')}</b> <span className="soft">{words.say(reasonId(server, account.needs), { host })}</span></>
        )}
      </span>
    </p>
  );
}
