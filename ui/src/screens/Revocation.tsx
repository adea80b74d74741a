import type { ServerView } from '../../contract/ServerView';
import { Notice } from '../parts/Notice';
import { useWords } from '../words/words';

/** What really became of the sign-in at the last disconnect. */
export function Revocation({ server }: { readonly server: ServerView }) {
  const words = useWords();
  if (server.state.kind !== 'off' || server.lastRevocation === null || server.account) return null;
  return <Notice tone={['failed', 'unreachable'].includes(server.lastRevocation) ? 'warn' : 'plain'} title={words.say(`revocation-${server.lastRevocation}`)} />;
}
