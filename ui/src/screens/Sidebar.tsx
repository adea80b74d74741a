import { useRef, useState } from 'react';
import { Header, ListBox, ListBoxSection } from 'react-aria-components';

import { Button } from '../parts/Button';
import { SearchInput } from '../parts/SearchInput';
import { useNow } from '../state/hooks';
import type { Known } from '../state/state';
import { useWords } from '../words/words';
import { filed } from './finding';
import { serverPlace, type Place } from './place';
import { SidebarRow } from './SidebarRow';
import { useHeir } from './useHeir';

interface Props {
  readonly known: Known;
  readonly place: Place;
  readonly onGo: (place: Place) => void;
  readonly onAdd: () => void;
}

/** The servers, grouped by what they need. */
export function Sidebar({ known, place, onGo, onAdd }: Props) {
  const words = useWords();
  const now = useNow(1);
  const [query, setQuery] = useState('');
  const groups = filed(known.servers, known.tools, query, known.vault);
  const list = useRef<HTMLDivElement>(null);
  useHeir(list, groups.flatMap((group) => group.entries.map((entry) => entry.server.id)), place.kind === 'server' ? place.id : null);
  const ready = known.servers.filter((server) => server.state.kind === 'ready').length;
  const go = (id: string) => {
    const tools = groups.flatMap((group) => group.entries).find((entry) => entry.server.id === id)?.tools;
    onGo(serverPlace(id, 'tools', tools?.[0] ?? null));
  };
  return (
    <nav className="side" aria-label={words.say('window-servers')}>
      <div className="side-top">
        <SearchInput label={words.say('list-search')} value={query} onChange={setQuery} />
        <Button onPress={onAdd} aria-label={words.say('list-add-label')}>+ {words.say('list-add')}</Button>
      </div>
      <div ref={list} className="side-list">
        {groups.length > 0 ? (
          <ListBox
            aria-label={words.say('window-servers')}
            selectionMode="single"
            selectionBehavior="replace"
            selectedKeys={place.kind === 'server' ? [place.id] : []}
            onAction={(key) => { go(String(key)); }}
            onSelectionChange={(keys) => { const [key] = keys === 'all' ? [] : [...keys]; if (key !== undefined) go(String(key)); }}
          >
            {groups.map((group) => (
              <ListBoxSection key={group.group} id={`group-${group.group}`}>
                <Header className="side-group">{words.say(`list-group-${group.group}`)}</Header>
                {group.entries.map((entry) => <SidebarRow key={entry.server.id} entry={entry} now={now} />)}
              </ListBoxSection>
            ))}
          </ListBox>
        ) : null}
        {groups.length === 0 && query ? <p className="side-empty soft">{words.say('list-none-found', { query })}</p> : null}
      </div>
      <div className="side-foot">
        <span>{known.servers.length > 0 ? words.say('list-ready', { ready, all: known.servers.length }) : ''}</span>
        <Button look="quiet" className="btn-small" onPress={() => { onGo({ kind: 'settings' }); }}>{words.say('list-settings')}</Button>
      </div>
    </nav>
  );
}
