import { useState } from 'react';

import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Notice } from '../parts/Notice';
import { useAsk } from '../state/hooks';
import { hasSeveral, nameInUse } from '../words/accounts';
import { reasonId } from '../words/sentences';
import { useWords, type Words } from '../words/words';
import { keyPlace, serverPlace, type Place } from './place';
import { useReminders } from './Reminders';

/** More than this many would push the page away; the list has them all. */
const MOST = 3;

interface Props {
  readonly servers: readonly ServerView[];
  /** Until when nobody is reminded of lost sign-ins, if that is so. */
  readonly snoozedUntil: number | null;
  /** The server whose page is open; it speaks for itself. */
  readonly except: string | null;
  readonly onGo: (place: Place) => void;
}

/** The banner: there only while something worked before and now needs the person. */
export function NeedsYou({ servers, snoozedUntil, except, onGo }: Props) {
  const words = useWords();
  const connect = useAsk('connect');
  const reminders = useReminders(snoozedUntil);
  const [later, setLater] = useState<readonly string[]>([]);
  const needing = servers.filter((server) => server.id !== except && occasion(server) !== null && !later.includes(occasion(server) ?? ''));
  const [first] = needing;
  if (!first) return null;
  const act = (server: ServerView) => {
    const reason = reasonOf(server);
    onGo(reason === 'headerRefused' ? keyPlace(server.id) : serverPlace(server.id, 'tools', reason === 'question' ? server.question?.tool : null));
    if (reason !== 'headerRefused' && reason !== 'scope' && reason !== 'question') void connect.ask({ id: server.id });
  };
  const lost = needing.some(isLost);
  const hide = () => { setLater([...later, ...needing.map((one) => occasion(one) ?? '')]); };
  const dismiss = (lost ? reminders.later : null) ?? <Button look="quiet" onPress={hide}>{words.say('needs-later')}</Button>;
  const off = lost ? reminders.off : null;
  if (needing.length > 1) {
    return (
      <>
        {reminders.failed}
        <Notice tone="warn" title={words.say('needs-several', { count: needing.length })} actions={dismiss}>
          <ul className="needing">
            {needing.slice(0, MOST).map((server) => (
              <li key={server.id}>
                <span className="needing-words">{title(words, server)}</span>
                <Button className="btn-small" aria-label={words.say(`${actionOf(server)}-server`, { server: server.name })} onPress={() => { act(server); }}>{words.say(actionOf(server))}</Button>
              </li>
            ))}
          </ul>
          {needing.length > MOST ? <p className="needing-more">{words.say('needs-more', { count: needing.length - MOST })}</p> : null}
          {off}
        </Notice>
      </>
    );
  }
  const host = first.account?.issuerHost ?? first.host;
  return (
    <>
      {connect.error ? <ErrorNotice error={connect.error} host={first.host} /> : null}
      {reminders.failed}
      <Notice tone="warn" title={title(words, first)} actions={<>{dismiss}<Button look="primary" onPress={() => { act(first); }}>{words.say(actionOf(first))}</Button></>}>
        <p>{words.say(reasonId(first, reasonOf(first) ?? 'never'), { host })}</p>
        {off}
      </Notice>
    </>
  );
}

function reasonOf(server: ServerView) {
  if (server.state.kind === 'signInNeeded') return server.state.reason;
  if (server.consent) return 'scope';
  return server.question ? 'question' : null;
}

/** Says whether its sign-in ended, which is what there are reminders of. */
function isLost(server: ServerView): boolean {
  return server.state.kind === 'signInNeeded' && !['never', 'scope'].includes(server.state.reason);
}

/** What “Later” is said to: this server, this reason, since this sign-in, or this question. */
function occasion(server: ServerView): string | null {
  const reason = reasonOf(server);
  if (server.signIn || reason === null || reason === 'never' || reason === 'handedOver') return null;
  return [server.id, reason, reason === 'question' ? server.question?.id : (server.account?.signedInAt ?? 0)].join(' ');
}

function title(words: Words, server: ServerView): string {
  const titles = { headerRefused: 'needs-one-header', scope: 'needs-one-scope', question: 'needs-one-question' } as const;
  const reason = reasonOf(server);
  if (reason === 'headerRefused' || reason === 'scope' || reason === 'question') return words.say(titles[reason], { server: server.name });
  if (server.signInMethod.kind !== 'person') return words.say('needs-one-machine', { server: server.name });
  const account = hasSeveral(server) ? nameInUse(words, server) : null;
  return account === null ? words.say('needs-one', { server: server.name }) : words.say('needs-one-account', { server: server.name, account });
}

function actionOf(server: ServerView): string {
  const reason = reasonOf(server);
  if (reason === 'scope' || reason === 'question') return 'needs-show';
  return reason === 'headerRefused' ? 'needs-change-key' : 'needs-reconnect';
}
