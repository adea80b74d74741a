/** What the window knows: one immutable object, made from a snapshot and the events after it. Pure. */
import type { AppError } from '../../contract/AppError';
import type { Event } from '../../contract/Event';
import type { EventBody } from '../../contract/EventBody';
import type { NetworkView } from '../../contract/NetworkView';
import type { RestorationView } from '../../contract/RestorationView';
import type { ServerView } from '../../contract/ServerView';
import type { Snapshot } from '../../contract/Snapshot';
import type { ToolResultView } from '../../contract/ToolResultView';
import type { ToolsView } from '../../contract/ToolsView';
import type { VaultView } from '../../contract/VaultView';

export type Arguments = Record<string, unknown>;

/** One run of a tool. It may wait long for the person, so it outlives the page it was begun on. */
export type Run =
  | { readonly kind: 'running'; readonly given: Arguments }
  | { readonly kind: 'answered'; readonly given: Arguments; readonly answer: ToolResultView }
  | { readonly kind: 'failed'; readonly given: Arguments; readonly error: AppError };

/** The last question that was asked in a run, and the how-manieth it is there. */
export interface Asked {
  readonly question: string;
  readonly number: number;
}

export interface Known {
  readonly kind: 'known';
  readonly seq: number;
  readonly vault: VaultView;
  readonly network: NetworkView;
  readonly servers: readonly ServerView[];
  readonly version: string;
  readonly dataDirectory: string;
  readonly exportsFolder: string;
  readonly restoration: RestorationView | null;
  /** Until when nobody is reminded of lost sign-ins, in seconds since 1970. */
  readonly remindersSnoozedUntil: number | null;
  readonly tools: Readonly<Record<string, ToolsView>>;
  /** Servers whose sign-in ended while this window watched, or without success before it was made, until the person has seen that. */
  readonly finished: readonly string[];
  /** The last run of each tool, by `runKey`. */
  readonly runs: Readonly<Record<string, Run>>;
  /** The questions that were asked in each of those runs, by `runKey`; of no tool by that of an empty name. */
  readonly asked: Readonly<Record<string, Asked>>;
  /** The number of the snapshot that the rest grew from. */
  readonly since: number;
  /** For runs and servers: the number of the last event that told of a step there. */
  readonly grown: Readonly<Record<string, number>>;
}

export type State = { readonly kind: 'loading' } | { readonly kind: 'failed'; readonly error: AppError } | Known;

export type Happening =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'tools'; readonly id: string; readonly tools: ToolsView }
  | { readonly kind: 'failed'; readonly error: AppError }
  | { readonly kind: 'seen'; readonly id: string }
  | { readonly kind: 'run'; readonly key: string; readonly run: Run };

export function runKey(server: string, tool: string): string {
  return `${server} ${tool}`;
}

/** The calls that are under way: each tool, and the name of its server. */
export function running({ runs, servers }: Pick<Known, 'runs' | 'servers'>): readonly { readonly tool: string; readonly server: string }[] {
  return Object.entries(runs).flatMap(([key, run]) => {
    const server = servers.find((one) => key.startsWith(`${one.id} `));
    return run.kind === 'running' && server ? [{ tool: key.slice(server.id.length + 1), server: server.name }] : [];
  });
}

export function step(state: State, happening: Happening): State {
  switch (happening.kind) {
    case 'snapshot':
      return fromSnapshot(state, happening.snapshot);
    case 'failed':
      return state.kind === 'known' ? state : { kind: 'failed', error: happening.error };
    case 'event':
      return state.kind === 'known' ? afterEvent(state, happening.event) : state;
    case 'tools':
      return state.kind === 'known' ? { ...state, tools: { ...state.tools, [happening.id]: happening.tools } } : state;
    case 'seen':
      return state.kind === 'known' ? { ...state, finished: without(state.finished, happening.id) } : state;
    case 'run':
      return state.kind === 'known' ? afterRun(state, happening.key, happening.run) : state;
  }
}

/** Says whether an event is missing between what is known and this one. */
export function leavesAGap(state: State, event: Event): boolean {
  return state.kind === 'known' && event.seq > state.seq + 1;
}

function fromSnapshot(state: State, snapshot: Snapshot): State {
  if (state.kind === 'known' && snapshot.seq < state.seq) return state;
  const kept = state.kind === 'known' ? { tools: state.tools, finished: state.finished, runs: state.runs, asked: state.asked } : { tools: {}, finished: failed(snapshot.servers), runs: {}, asked: {} };
  return { kind: 'known', ...snapshot, servers: sorted(snapshot.servers), ...kept, asked: snapshot.servers.reduce(counted, kept.asked), since: snapshot.seq, grown: {} };
}

function afterEvent(state: Known, event: Event): Known {
  if (event.seq <= state.seq) return state;
  return { ...afterNews(state, event.body, event.seq), seq: event.seq };
}

function afterNews(state: Known, news: EventBody, seq: number): Known {
  switch (news.kind) {
    case 'server':
      return afterServer(state, news.server);
    case 'serverDeleted':
      return { ...state, servers: state.servers.filter((server) => server.id !== news.id), finished: without(state.finished, news.id) };
    case 'vault':
      return { ...state, vault: news.vault };
    case 'network':
      return { ...state, network: news.network };
    case 'restoration':
      return { ...state, restoration: news.restoration };
    case 'reminders':
      return { ...state, remindersSnoozedUntil: news.snoozedUntil };
    case 'trace':
      return { ...state, grown: { ...state.grown, [news.run]: seq, [news.server]: seq } };
    case 'tools':
      return state;
  }
}

function afterServer(state: Known, server: ServerView): Known {
  const before = state.servers.find((other) => other.id === server.id);
  const others = state.servers.filter((other) => other.id !== server.id);
  return { ...state, servers: sorted([...others, server]), finished: afterSignIn(state.finished, before, server), asked: counted(state.asked, server) };
}

/** A run that begins has not asked anything yet. */
function afterRun(state: Known, key: string, run: Run): Known {
  const runs = { ...state.runs, [key]: run };
  if (run.kind !== 'running') return { ...state, runs };
  const nobodys = runKey(key.slice(0, key.indexOf(' ')), '');
  return { ...state, runs, asked: Object.fromEntries(Object.entries(state.asked).filter(([one]) => one !== key && one !== nobodys)) };
}

function counted(asked: Known['asked'], { id, question }: ServerView): Known['asked'] {
  if (!question) return asked;
  const key = runKey(id, question.tool ?? '');
  const last = asked[key];
  return last?.question === question.id ? asked : { ...asked, [key]: { question: question.id, number: (last?.number ?? 0) + 1 } };
}

function afterSignIn(finished: readonly string[], before: ServerView | undefined, now: ServerView): readonly string[] {
  if (now.signIn !== null) return without(finished, now.id);
  // Without an outcome it has not ended: it rests until the vault is opened, or was left with its server.
  return before?.signIn && now.lastOutcome ? [...without(finished, now.id), now.id] : finished;
}

function failed(servers: readonly ServerView[]): readonly string[] {
  return servers.filter((server) => server.lastOutcome !== null && server.lastOutcome.kind !== 'authorized').map((server) => server.id);
}

function without(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : ids;
}

function sorted(servers: readonly ServerView[]): readonly ServerView[] {
  return [...servers].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id));
}
