import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

import type { ServerView } from '../../contract/ServerView';
import type { ToolsView } from '../../contract/ToolsView';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk, useCore } from '../state/hooks';
import { useWords } from '../words/words';
import { Accounts } from './accounts/Accounts';
import { AccountsTab } from './accounts/AccountsTab';
import { LeaveAll } from './accounts/LeaveAll';
import { UseHere } from './accounts/UseHere';
import { Activity } from './Activity';
import { ConsentNotice } from './ConsentNotice';
import { DeleteServer } from './DeleteServer';
import { Exceptions } from './Exceptions';
import { ExceptionsNotice } from './ExceptionsNotice';
import { Outcome } from './Outcome';
import { Permissions } from './Permissions';
import { namesAny } from './permissions';
import { keyPlace, serverPlace, type Place, type Tab as TabName } from './place';
import { QuestionWaits } from './QuestionWaits';
import { Revocation } from './Revocation';
import { ServerHead } from './ServerHead';
import { ServerSettings } from './ServerSettings';
import { SignInAt } from './SignInAt';
import { SignInMethod } from './SignInMethod';
import { StateNotice } from './StateNotice';
import { Tools } from './Tools';
import { WaitingPanel } from './WaitingPanel';
import { WayBack } from './WayBack';

interface Props {
  readonly server: ServerView;
  readonly tools: ToolsView | undefined;
  /** Whether the person has not been told yet that a sign-in ended. */
  readonly finished: boolean;
  readonly place: Extract<Place, { kind: 'server' }>;
  readonly onGo: (place: Place) => void;
}

/** One server: its head, and under it the waiting panel or the tabs. */
export function ServerPage({ server, tools, finished, place, onGo }: Props) {
  const words = useWords();
  const { store } = useCore();
  const connect = useAsk('connect');
  const signIn = useAsk('signIn');
  const disconnect = useAsk('disconnect');
  const [deleting, setDeleting] = useState(false);
  const [reviews, setReviews] = useState(0);
  const [leaving, setLeaving] = useState(false);
  const [returning, setReturning] = useState(false);
  const go = (tab: TabName) => { onGo(serverPlace(server.id, tab, place.tool)); };
  const error = connect.error ?? signIn.error ?? disconnect.error;
  const begin = (ask: () => Promise<unknown>) => {
    [connect, signIn, disconnect].forEach((one) => { one.clear(); });
    store.seen(server.id);
    void ask();
  };
  const leave = () => {
    setLeaving(false);
    begin(() => disconnect.ask({ id: server.id }));
  };
  const deeds = {
    connect: () => { begin(() => connect.ask({ id: server.id })); },
    signIn: () => { begin(() => signIn.ask({ id: server.id })); },
    disconnect: () => { if (server.accounts.length > 0) setLeaving(true); else leave(); },
    settings: () => { go('settings'); },
    key: () => { onGo(keyPlace(server.id)); },
    delete: () => { setDeleting(true); },
    useHere: () => { setReturning(true); },
  };
  const named = namesAny(server.permissions);
  const hasAccounts = server.authKind === 'oauth' || server.accounts.length > 0;
  const tab = place.tab === 'accounts' && !hasAccounts ? 'tools' : place.tab;
  return (
    <>
      <ServerHead server={server} busy={connect.busy || signIn.busy || disconnect.busy} deeds={deeds} />
      {error ? <ErrorNotice error={error} host={server.host} /> : null}
      {server.signIn ? <WaitingPanel key={server.signIn.id} server={server} signIn={server.signIn} /> : (
        <>
          <Outcome server={server} finished={finished} deeds={deeds} />
          <Revocation server={server} />
          <ExceptionsNotice server={server} onReview={() => { setReviews(reviews + 1); go('settings'); }} />
          {server.consent ? <ConsentNotice server={server} consent={server.consent} /> : null}
          {server.question ? <QuestionWaits server={server} question={server.question} tools={tools} place={place} onGo={onGo} /> : null}
          <StateNotice server={server} />
          {server.authKind === 'oauth' && !server.account && named ? <Permissions server={server} /> : null}
          <Tabs selectedKey={tab} onSelectionChange={(key) => { go(key as TabName); }}>
            <TabList className="tabs" aria-label={server.name}>
              <Tab id="tools" className="tab">{server.toolCount === null ? words.say('server-tab-tools') : words.say('server-tab-tools-count', { count: server.toolCount })}</Tab>
              {hasAccounts ? <Tab id="accounts" className="tab"><AccountsTab server={server} /></Tab> : null}
              <Tab id="activity" className="tab">{words.say('server-tab-activity')}</Tab>
              <Tab id="settings" className="tab">{words.say('server-tab-settings')}</Tab>
            </TabList>
            <TabPanel id="tools"><Tools server={server} tools={tools} chosen={place.tool} onChoose={(tool) => { onGo(serverPlace(server.id, 'tools', tool)); }} /></TabPanel>
            {hasAccounts ? <TabPanel id="accounts"><Accounts server={server} /></TabPanel> : null}
            <TabPanel id="activity"><Activity server={server} /></TabPanel>
            <TabPanel id="settings">
              <ServerSettings server={server} keyWanted={place.at === 'key' ? place : null} />
              {server.account || (server.authKind === 'oauth' && !named) ? <div className="settings-part"><Permissions server={server} /></div> : null}
              {server.authKind === 'oauth' ? <><SignInMethod server={server} /><SignInAt server={server} />{server.signInMethod.kind === 'person' ? <WayBack server={server} /> : null}<Exceptions key={reviews} server={server} asked={reviews > 0} /></> : null}
            </TabPanel>
          </Tabs>
        </>
      )}
      <LeaveAll server={server} isOpen={leaving} onLeave={leave} onClose={() => { setLeaving(false); }} />
      {returning && server.account ? <UseHere server={server} account={server.account} onClose={() => { setReturning(false); }} /> : null}
      <DeleteServer server={server} isOpen={deleting} onClose={() => { setDeleting(false); }} />
    </>
  );
}
