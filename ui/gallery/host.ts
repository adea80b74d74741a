/** A core that says what a script says. */
import type { AccountRemoval } from '../contract/AccountRemoval';
import type { Event } from '../contract/Event';
import type { EventBody } from '../contract/EventBody';
import type { AppError } from '../contract/AppError';
import type { ExportView } from '../contract/ExportView';
import type { ExportContentsView } from '../contract/ExportContentsView';
import type { ImportView } from '../contract/ImportView';
import type { ProbeView } from '../contract/ProbeView';
import type { ServerView } from '../contract/ServerView';
import type { RunStepsView } from '../contract/RunStepsView';
import type { Snapshot } from '../contract/Snapshot';
import type { ToolResultView } from '../contract/ToolResultView';
import type { ToolView } from '../contract/ToolView';
import type { Answer, CallName, Host } from '../src/host/host';

export interface World {
  readonly snapshot: Snapshot | 'never' | { readonly code: string; readonly args: Record<string, string> };
  readonly tools: Readonly<Record<string, readonly ToolView[]>>;
  readonly results: Readonly<Record<string, ToolResultView>>;
  readonly probes: Readonly<Record<string, ProbeView>>;
  /** Tools that wait for the person when they are run, with what their server becomes. */
  readonly waits?: Readonly<Record<string, ServerView>>;
  /** What a server becomes when its question is answered. */
  readonly further?: ServerView;
  /** What making an export comes to, what is in the one that is read, and what taking it in comes to. */
  readonly transfer?: { readonly exported: ExportView; readonly found: ExportContentsView; readonly imported: ImportView };
  /** What it comes to when an account is removed. */
  readonly removal?: AccountRemoval;
  readonly runs: readonly RunStepsView[];
  /** Calls that fail, and how. */
  readonly refuses?: Partial<Record<CallName, AppError>>;
}

export function scriptedHost(world: World): Host {
  const ears: ((event: Event) => void)[] = [];
  let seq = 1;
  const news = (body: EventBody) => {
    seq += 1;
    ears.forEach((ear) => { ear({ seq, body }); });
    return null;
  };
  const tell = (server: ServerView) => { news({ kind: 'server', server }); };
  const run = (tool: string): unknown => {
    const server = world.waits?.[tool];
    if (!server) return world.results[tool] ?? Promise.reject({ code: 'toolUnknown', args: {}, server: null } as unknown as Error);
    tell(server);
    return new Promise(() => undefined);
  };
  const remove = () => {
    if (world.removal) tell(world.removal.server);
    return world.removal;
  };
  const answers: Partial<Record<CallName, (argument: never) => unknown>> = {
    snapshot: () => (world.snapshot === 'never' ? new Promise(() => undefined) : 'code' in world.snapshot ? Promise.reject({ server: null, ...world.snapshot } as unknown as Error) : world.snapshot),
    probe: (argument: { url: string }) => world.probes[argument.url] ?? { kind: 'unsure', evidence: { kind: 'unreachable' } },
    tools: (argument: { id: string }) => ({ tools: world.tools[argument.id] ?? [], listedAt: 1_790_000_000 }),
    removeAccount: remove,
    deleteServer: ({ id }: { id: string }) => news({ kind: 'serverDeleted', id }),
    lockVault: () => news({ kind: 'vault', vault: { kind: 'passphraseNeeded', wrong: false } }),
    unlock: () => news({ kind: 'vault', vault: { kind: 'open', keeper: 'passphrase', lockAfter: null } }),
    exportServers: () => world.transfer?.exported,
    readExport: () => world.transfer?.found,
    importServers: () => world.transfer?.imported,
    answerQuestion: () => { if (world.further) tell(world.further); return null; },
    callTool: (argument: { tool: string }) => run(argument.tool),
    signInRuns: () => ({ runs: world.runs.map((one) => one.run) }),
    signInRun: (argument: { id: string }) => world.runs.find((one) => one.run.id === argument.id) ?? Promise.reject({ code: 'runGone', args: {}, server: null } as unknown as Error),
    signInLink: () => ({ url: 'https://auth.example.com/authorize?state=x' }),
  };
  return {
    call: <K extends CallName>(name: K, argument: unknown) => world.refuses?.[name] ? Promise.reject(world.refuses[name] as unknown as Error) : Promise.resolve((answers[name]?.(argument as never) ?? null) as Answer<K>),
    listen: (heard) => { ears.push(heard); return Promise.resolve(() => undefined); },
  };
}
