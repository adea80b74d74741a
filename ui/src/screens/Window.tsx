import { useWindowState } from '../state/hooks';
import { Frame } from './Frame';
import { Loading } from './Loading';
import { StartFailed } from './StartFailed';

/** The whole window: loading, failed, or the list beside a page. */
export function Window() {
  const state = useWindowState();
  switch (state.kind) {
    case 'loading':
      return <Loading />;
    case 'failed':
      return <StartFailed error={state.error} />;
    case 'known':
      return <Frame known={state} />;
  }
}
