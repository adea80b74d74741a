/** How components reach the state and the core. */
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import type { AppError } from '../../contract/AppError';
import { appError, type Answer, type Argument, type CallName, type Host } from '../host/host';
import { runKey, type Arguments, type Run, type State } from './state';
import type { Store } from './store';

export interface Core {
  readonly host: Host;
  readonly store: Store;
}

export const CoreContext = createContext<Core | null>(null);

export function useCore(): Core {
  const core = useContext(CoreContext);
  if (!core) throw new Error('the window is always drawn inside a CoreContext');
  return core;
}

export function useWindowState(): State {
  const { store } = useCore();
  return useSyncExternalStore(store.subscribe, store.state);
}

export interface Asking<K extends CallName> {
  readonly busy: boolean;
  readonly error: AppError | null;
  readonly clear: () => void;
  /** Resolves with the answer, or with `undefined` after a failure, which is then in `error`. */
  readonly ask: (argument: Argument<K>) => Promise<{ answer: Answer<K> } | undefined>;
}

/** One call of the core with what its button needs: busy, and the last error. */
export function useAsk<K extends CallName>(name: K): Asking<K> {
  const { host } = useCore();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const ask = useCallback(
    async (argument: Argument<K>) => {
      setBusy(true);
      setError(null);
      try {
        return { answer: await host.call(name, argument) };
      } catch (thrown) {
        setError(appError(thrown));
        return undefined;
      } finally {
        setBusy(false);
      }
    },
    [host, name],
  );
  const clear = useCallback(() => { setError(null); }, []);
  return { busy, error, clear, ask };
}

export interface Running {
  /** The last run, while this window is open. */
  readonly run: Run | undefined;
  readonly start: (given: Arguments) => void;
}

/** The runs of one tool. */
export function useRun(server: string, tool: string): Running {
  const { store } = useCore();
  const state = useWindowState();
  const run = state.kind === 'known' ? state.runs[runKey(server, tool)] : undefined;
  const start = useCallback((given: Arguments) => { void store.run(server, tool, given); }, [store, server, tool]);
  return { run, start };
}

/** The how-manieth question of its run one is. */
export function useQuestionNumber(server: string, tool: string | null): number {
  const state = useWindowState();
  return state.kind === 'known' ? (state.asked[runKey(server, tool ?? '')]?.number ?? 1) : 1;
}

/** The time in seconds, told anew every `seconds`. */
export function useNow(seconds: number): number {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => { setNow(Math.floor(Date.now() / 1000)); }, seconds * 1000);
    return () => { clearInterval(timer); };
  }, [seconds]);
  return now;
}

/** True once `after` milliseconds have passed since the component appeared. */
export function usePassed(after: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => { setPassed(true); }, after);
    return () => { clearTimeout(timer); };
  }, [after]);
  return passed;
}

/** The newest value in a form that callbacks can read without being made anew. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useEffect(() => { latest.current = value; });
  return latest;
}
