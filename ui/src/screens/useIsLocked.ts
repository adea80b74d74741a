import type { ServerView } from '../../contract/ServerView';
import { useWindowState } from '../state/hooks';
import { isLocked } from '../words/locked';

/** Says whether a server waits for the vault to be opened. */
export function useIsLocked(server: ServerView): boolean {
  const state = useWindowState();
  return state.kind === 'known' && isLocked(state.vault, server);
}
