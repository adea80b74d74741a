import type { ServerView } from '../../contract/ServerView';
import { Notice } from '../parts/Notice';
import { useWords } from '../words/words';

/** The calm banner: there only while this computer has no network. It asks for nothing. */
export function NoNetwork({ servers }: { readonly servers: readonly ServerView[] }) {
  const words = useWords();
  const waiting = servers.filter((server) => server.state.kind === 'offline').length;
  return (
    <Notice tone="plain" title={words.say('offline-title')}>
      <p>{words.say('offline-body')} {waiting > 0 ? words.say('offline-waiting', { count: waiting }) : null}</p>
    </Notice>
  );
}
