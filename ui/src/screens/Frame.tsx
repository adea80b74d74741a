import { useState } from 'react';

import { Announcer } from './Announcer';
import { AddServer } from './AddServer';
import { LostByKeychain } from './LostByKeychain';
import { NeedsYou } from './NeedsYou';
import { NoNetwork } from './NoNetwork';
import { NOWHERE, serverPlace, type Place } from './place';
import { Restored } from './Restored';
import { ServerPage } from './ServerPage';
import { Settings } from './settings/Settings';
import { Sidebar } from './Sidebar';
import { useKeptFocus } from './useKeptFocus';
import { usePlace } from './usePlace';
import { VaultPanel } from './VaultPanel';
import { Welcome, Pick } from './Welcome';
import { Button } from '../parts/Button';
import type { Known } from '../state/state';
import { useWords } from '../words/words';

/** The list on the left, one thing on the right; under 720 px one of the two. */
export function Frame({ known }: { readonly known: Known }) {
  const words = useWords();
  const [place, setPlace] = usePlace();
  const [adding, setAdding] = useState(false);
  useKeptFocus();
  const server = place.kind === 'server' ? known.servers.find((one) => one.id === place.id) : undefined;
  const here: Place = place.kind === 'server' && !server ? NOWHERE : place;
  const add = () => { setAdding(true); };
  return (
    <div className="window" data-place={here.kind} data-vault={known.vault.kind === 'open' ? 'open' : 'closed'} data-empty={known.servers.length === 0}>
      <Sidebar known={known} place={here} onGo={setPlace} onAdd={add} />
      <main className="page" aria-label={words.say('window-main')}>
        {here.kind === 'none' ? null : (
          <Button look="quiet" className="back" onPress={() => { setPlace(NOWHERE); }}>{words.say('window-back')}</Button>
        )}
        {known.network === 'offline' ? <NoNetwork servers={known.servers} /> : null}
        {known.restoration ? <Restored restoration={known.restoration} servers={known.servers} /> : null}
        {known.vault.kind === 'open' && known.vault.keeper === 'nobody' ? <LostByKeychain /> : null}
        {known.vault.kind === 'open' ? <NeedsYou servers={within(known)} snoozedUntil={known.remindersSnoozedUntil} except={server?.id ?? null} onGo={setPlace} /> : <VaultPanel vault={known.vault} />}
        {here.kind === 'settings' ? <Settings known={known} /> : null}
        {here.kind === 'server' && server ? (
          <ServerPage key={server.id} server={server} tools={known.tools[server.id]} finished={known.finished.includes(server.id)} place={here} onGo={setPlace} />
        ) : null}
        {here.kind === 'none' ? <Nothing known={known} onAdd={add} /> : null}
      </main>
      <AddServer isOpen={adding} onClose={() => { setAdding(false); }} onAdded={(id) => { setPlace(serverPlace(id)); }} />
      <Announcer servers={known.servers} asked={known.asked} vault={known.vault} />
    </div>
  );
}

/** Without a network only what a connected server asks can be answered. */
function within({ network, servers }: Known): Known['servers'] {
  return network === 'online' ? servers : servers.filter((server) => server.state.kind === 'ready');
}

function Nothing({ known, onAdd }: { readonly known: Known; readonly onAdd: () => void }) {
  const words = useWords();
  if (known.servers.length === 0) return <Welcome onAdd={onAdd} />;
  return known.vault.kind === 'open' ? <Pick /> : <h1 className="only-spoken">{words.say('window-title')}</h1>;
}
