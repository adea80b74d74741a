/** What a server's row and page say about its state. Pure: state and time in, sentences out. */
import type { ServerView } from '../../contract/ServerView';
import type { SignInReason } from '../../contract/SignInReason';
import { hasSeveral, lasting, nameInUse } from './accounts';
import { happened, inShort } from './errors';
import { duration } from './time';
import { visible } from './visible';
import type { Words } from './words';

export type Group = 'needs-you' | 'connected' | 'waiting' | 'off';
export type Mark = 'ok' | 'warn' | 'bad' | 'busy' | 'off';

export interface Sentence {
  readonly mark: Mark;
  readonly lead: string;
  readonly rest: readonly string[];
}

export function groupOf(server: ServerView): Group {
  if (server.signIn || server.consent || server.question) return 'needs-you';
  switch (server.state.kind) {
    case 'signInNeeded':
      return server.state.reason === 'handedOver' ? 'off' : 'needs-you';
    case 'stopped':
      return 'needs-you';
    case 'ready':
      return 'connected';
    case 'opening':
    case 'offline':
    case 'waiting':
      return 'waiting';
    case 'off':
      return 'off';
  }
}

export function markOf(server: ServerView): Mark {
  if (server.signIn) return 'busy';
  if (server.consent || server.question) return 'warn';
  if (server.state.kind === 'signInNeeded' && server.state.reason === 'handedOver') return 'off';
  // The server has not failed.
  if (server.state.kind === 'waiting' && server.state.error.code === 'portal') return 'warn';
  const marks = { off: 'off', opening: 'busy', signInNeeded: 'warn', ready: 'ok', offline: 'off', waiting: 'bad', stopped: 'bad' } as const;
  return marks[server.state.kind];
}

/** The one line under a name in the list. */
export function rowLine(words: Words, server: ServerView, now: number): string {
  if (server.signIn) return words.say(`row-sign-in-${server.signIn.stage.kind}`);
  if (server.consent) return words.say('row-reason-scope');
  if (server.question) return words.say('row-question');
  const { state } = server;
  switch (state.kind) {
    case 'off':
      return server.account ? ofAccount(words, server, words.say('row-off-signed-in')) : kindLine(words, server);
    case 'opening':
      return words.say('row-opening');
    case 'signInNeeded':
      return ofAccount(words, server, words.say(`row-${reasonId(server, state.reason)}`));
    case 'ready':
      return [visible(nameInUse(words, server) ?? kindLine(words, server)), countLine(words, server)].filter(Boolean).join(' · ');
    case 'offline':
      return ofAccount(words, server, words.say('row-offline'));
    case 'waiting':
      return waitingLine(words, inShort(words, state.error), state.retryAt - now);
    case 'stopped':
      return inShort(words, state.error);
  }
}

/** The sentence of state at the head of a page. */
export function stateSentence(words: Words, server: ServerView, now: number): Sentence {
  const { state } = server;
  const mark = markOf(server);
  switch (state.kind) {
    case 'off':
      return { mark, lead: words.say('state-off'), rest: [...asWhom(words, server), words.say(offId(server))] };
    case 'opening':
      return { mark, lead: words.say('state-opening'), rest: [words.say('state-talking', { host: server.host })] };
    case 'signInNeeded':
      return { mark, lead: words.say(state.reason === 'handedOver' ? 'state-moved' : 'state-sign-in'), rest: [...asWhom(words, server), words.say(reasonId(server, state.reason), { host: server.account?.issuerHost ?? server.host })] };
    case 'ready':
      return { mark: 'ok', lead: words.say('state-connected'), rest: readyWords(words, server, now) };
    case 'offline':
      return { mark, lead: words.say('state-offline'), rest: [...asWhom(words, server), words.say('state-when-back')] };
    case 'waiting':
      return { mark, lead: words.say('state-waiting'), rest: [happened(words, state.error, server.host), nextTry(words, state.retryAt - now)] };
    case 'stopped':
      return { mark, lead: words.say('state-stopped'), rest: [happened(words, state.error, server.host)] };
  }
}

function offId(server: ServerView): string {
  if (server.account) return 'state-keeps-sign-in';
  return server.toolCount === null ? 'state-never-tried' : 'state-left';
}

/** Names the sentence for why a server needs the person: another one where no person signs in. */
export function reasonId(server: ServerView, reason: SignInReason | 'question'): string {
  const alone = server.signInMethod.kind !== 'person' && (reason === 'never' || reason === 'rejected');
  return `reason-${reason}${alone ? '-machine' : ''}`;
}

function kindLine(words: Words, server: ServerView): string {
  return words.say(`kind-${server.authKind ?? 'unknown'}`);
}

function countLine(words: Words, server: ServerView): string {
  return server.toolCount === null ? '' : words.say('tools-count', { count: server.toolCount });
}

function waitingLine(words: Words, what: string, seconds: number): string {
  return seconds > 0 ? words.say('row-waiting', { what, when: duration(words, seconds) }) : words.say('row-waiting-now', { what });
}

function nextTry(words: Words, seconds: number): string {
  return seconds > 0 ? words.say('state-next-try', { when: duration(words, seconds) }) : words.say('state-next-try-now');
}

function readyWords(words: Words, server: ServerView, now: number): readonly string[] {
  const { account } = server;
  if (account) return [...named(words, server), words.say('state-signed-in-at', { host: account.issuerHost }), lasting(words, account, now)];
  if (server.authKind !== 'header') return [words.say('state-needs-none')];
  const names = server.headers.map((header) => header.name).join(', ');
  return [names ? words.say('state-header', { names }) : words.say('state-header-none')];
}

function named(words: Words, server: ServerView): readonly string[] {
  const label = nameInUse(words, server);
  return label === null ? [] : [words.say('state-as', { label })];
}

/** As whom, where there are several: what follows is about that one. */
function asWhom(words: Words, server: ServerView): readonly string[] {
  return hasSeveral(server) ? named(words, server) : [];
}

/** What is to be said first, and then of whom: the end of a long line is cut off. */
function ofAccount(words: Words, server: ServerView, line: string): string {
  const label = hasSeveral(server) ? nameInUse(words, server) : null;
  return label === null ? line : [line, visible(label)].join(' · ');
}
