import type { ServerView } from '../../contract/ServerView';
import { nextStep } from '../words/errors';
import { useWords } from '../words/words';

/** What to do now about a connection that does not stand. */
export function StateNotice({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const { state } = server;
  if (state.kind === 'offline') return <p className="state-next">{words.say(server.account ? 'offline-kept' : 'offline-waits')}</p>;
  if (state.kind !== 'waiting' && state.kind !== 'stopped') return null;
  return <p className="state-next">{nextStep(words, state.error, server.host)}</p>;
}
