/** The runs at a server and the steps of one, asked for anew whenever they grow. */
import { useEffect, useState } from 'react';

import type { RunStepsView } from '../../contract/RunStepsView';
import type { RunView } from '../../contract/RunView';
import { useCore, useWindowState } from './hooks';

/** The last runs at a server, newest first; nothing while they are not known. */
export function useRuns(server: string): readonly RunView[] | undefined {
  const { host } = useCore();
  const grown = useGrown(server);
  const [runs, setRuns] = useState<readonly RunView[]>();
  useEffect(() => {
    let wanted = true;
    host.call('signInRuns', { id: server }).then((answer) => { if (wanted) setRuns(answer.runs); }, () => undefined);
    return () => { wanted = false; };
  }, [host, server, grown]);
  return runs;
}

/** One run with its steps; nothing while it is not known, or where there is none. */
export function useRun(id: string | undefined): RunStepsView | undefined {
  const { host } = useCore();
  const grown = useGrown(id ?? '');
  const [run, setRun] = useState<RunStepsView>();
  useEffect(() => {
    if (id === undefined) return undefined;
    let wanted = true;
    host.call('signInRun', { id }).then((answer) => { if (wanted) setRun(answer); }, () => undefined);
    return () => { wanted = false; };
  }, [host, id, grown]);
  return run?.run.id === id ? run : undefined;
}

/** The version of the app, for a report. */
export function useVersion(): string {
  const state = useWindowState();
  return state.kind === 'known' ? state.version : '';
}

/** Changes when there is something new about a run or about a server's runs. */
function useGrown(id: string): number {
  const state = useWindowState();
  return state.kind === 'known' ? (state.grown[id] ?? state.since) : 0;
}
