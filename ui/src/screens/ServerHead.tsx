import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Dot } from '../parts/Dot';
import { ServerIcon } from '../parts/ServerIcon';
import { ServerText } from '../parts/ServerText';
import { useNow } from '../state/hooks';
import { stateSentence, type Sentence } from '../words/sentences';
import { useWords } from '../words/words';
import { useIsLocked } from './useIsLocked';

export interface Deeds {
  readonly connect: () => void;
  readonly signIn: () => void;
  readonly disconnect: () => void;
  readonly settings: () => void;
  /** Opens the settings where a key is typed. */
  readonly key: () => void;
  readonly delete: () => void;
  /** Asks whether the account in use, which moved to another computer, is to be used here again. */
  readonly useHere: () => void;
}

interface Props {
  readonly server: ServerView;
  readonly busy: boolean;
  readonly deeds: Deeds;
}

interface Primary {
  readonly words: string;
  readonly deed: keyof Deeds;
  readonly look: 'plain' | 'primary';
}

/** Name, address, the one action that fits, and the sentence of state. */
export function ServerHead({ server, busy, deeds }: Props) {
  const words = useWords();
  const locked = useIsLocked(server);
  const primary = locked ? null : primaryOf(server);
  return (
    <header className="head">
      <ServerIcon name={server.name} large />
      <div className="head-words">
        <h1 title={server.name}><ServerText text={server.name} /></h1>
        <p className="head-url soft" title={server.url}><ServerText text={server.url.replace(/^https:\/\//, '')} /></p>
      </div>
      <div className="head-actions">
        {primary ? <Button look={primary.look} isDisabled={busy} onPress={deeds[primary.deed]}>{words.say(primary.words)}</Button> : null}
        {primary && hasMoved(server) ? <Button isDisabled={busy} onPress={deeds.useHere}>{words.say('account-here')}</Button> : null}
        <More server={server} deeds={deeds} />
      </div>
      {server.signIn ? null : <State server={server} locked={locked} />}
    </header>
  );
}

function State({ server, locked }: { readonly server: ServerView; readonly locked: boolean }) {
  const words = useWords();
  const now = useNow(1);
  const sentence: Sentence = locked ? { mark: 'off', lead: words.say('state-locked'), rest: [words.say('state-locked-next')] } : stateSentence(words, server, now);
  const rest = sentence.rest.map((part) => part.replace(/\.$/, '')).join(' · ');
  return (
    <p className="head-state">
      <Dot mark={sentence.mark} />
      <span><b>{sentence.lead}</b> <span className="soft">{rest}</span></span>
    </p>
  );
}

function More({ server, deeds }: Omit<Props, 'busy'>) {
  const words = useWords();
  return (
    <MenuTrigger>
      <Button look="quiet" aria-label={words.say('server-more')}><span aria-hidden="true">•••</span></Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu">
          {server.authKind === 'oauth' && !server.signIn ? <MenuItem className="menu-item" onAction={deeds.signIn}>{words.say(server.signInMethod.kind === 'person' ? 'server-sign-in-again' : 'server-sign-in-again-machine')}</MenuItem> : null}
          {primaryOf(server)?.deed !== 'disconnect' && (server.state.kind === 'waiting' || server.state.kind === 'offline' || server.account) ? <MenuItem className="menu-item" onAction={deeds.disconnect}>{words.say('server-disconnect')}</MenuItem> : null}
          <MenuItem className="menu-item" onAction={deeds.settings}>{words.say('server-edit')}</MenuItem>
          <MenuItem className="menu-item danger" onAction={deeds.delete}>{words.say('server-delete')}</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function hasMoved({ state, account, signIn }: ServerView): boolean {
  return !signIn && account?.needs === 'handedOver' && state.kind === 'signInNeeded' && state.reason === 'handedOver';
}

function primaryOf(server: ServerView): Primary | null {
  if (server.signIn) return null;
  const { state } = server;
  switch (state.kind) {
    case 'off':
      return { words: 'server-connect', deed: 'connect', look: 'primary' };
    case 'opening':
    case 'ready':
      return { words: 'server-disconnect', deed: 'disconnect', look: 'plain' };
    case 'offline':
      return { words: 'server-try-now', deed: 'connect', look: 'plain' };
    case 'waiting':
      return { words: 'server-try-now', deed: 'connect', look: 'primary' };
    case 'stopped':
      return { words: 'server-try-again', deed: 'connect', look: 'primary' };
    case 'signInNeeded':
      if (state.reason === 'headerRefused') return { words: 'server-change-key', deed: 'key', look: 'primary' };
      if (state.reason === 'handedOver') return { words: 'server-sign-in-here', deed: 'connect', look: 'plain' };
      // What is asked, and the button for it, stand below.
      if (state.reason === 'scope') return { words: 'server-disconnect', deed: 'disconnect', look: 'plain' };
      return { words: state.reason === 'never' ? 'server-connect' : 'server-reconnect', deed: 'connect', look: 'primary' };
  }
}
