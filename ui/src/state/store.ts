/** Holds the window's state and keeps it fed. The core is the cache: nothing here outlives the window. */
import { appError, type Host } from '../host/host';
import type { Event } from '../../contract/Event';
import { leavesAGap, runKey, step, type Arguments, type Happening, type Run, type State } from './state';

export class Store {
  #state: State = { kind: 'loading' };
  #early: Event[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  readonly state = (): State => this.#state;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Listens first and asks then, so that nothing falls between the two. */
  async start(): Promise<void> {
    try {
      await this.#host.listen((event) => { this.#heard(event); });
    } catch (thrown) {
      this.#apply({ kind: 'failed', error: appError(thrown) });
      return;
    }
    await this.refresh();
  }

  /** Takes everything anew. */
  async refresh(): Promise<void> {
    try {
      this.#apply({ kind: 'snapshot', snapshot: await this.#host.call('snapshot', null) });
    } catch (thrown) {
      this.#apply({ kind: 'failed', error: appError(thrown) });
      return;
    }
    this.#early.splice(0).forEach((event) => { this.#apply({ kind: 'event', event }); });
    if (this.#state.kind === 'known') this.#state.servers.forEach((server) => { if (server.toolCount !== null) void this.loadTools(server.id); });
  }

  /** Notes that the person has seen how a sign-in ended. */
  seen(id: string): void {
    this.#apply({ kind: 'seen', id });
  }

  /** Asks for the tools of one server; a failure leaves what was known. */
  async loadTools(id: string): Promise<void> {
    try {
      this.#apply({ kind: 'tools', id, tools: await this.#host.call('tools', { id }) });
    } catch {
      return;
    }
  }

  /** Runs a tool. Where it was begun it can be found again, however long it takes; a later run takes its place. */
  async run(server: string, tool: string, given: Arguments): Promise<void> {
    const key = runKey(server, tool);
    const begun: Run = { kind: 'running', given };
    this.#apply({ kind: 'run', key, run: begun });
    const ended = await this.#host.call('callTool', { server, tool, arguments: given }).then(
      (answer): Run => ({ kind: 'answered', given, answer }),
      (thrown: unknown): Run => ({ kind: 'failed', given, error: appError(thrown) }),
    );
    if (this.#state.kind === 'known' && this.#state.runs[key] === begun) this.#apply({ kind: 'run', key, run: ended });
  }

  #heard(event: Event): void {
    if (this.#state.kind !== 'known') {
      this.#early.push(event);
      return;
    }
    if (leavesAGap(this.#state, event)) void this.refresh();
    else this.#apply({ kind: 'event', event });
    if (event.body.kind === 'tools') void this.loadTools(event.body.id);
  }

  #apply(happening: Happening): void {
    const next = step(this.#state, happening);
    if (next === this.#state) return;
    this.#state = next;
    this.#watchers.forEach((watcher) => { watcher(); });
  }
}
