import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Notice } from '../parts/Notice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

/** A tool that is running wants a sign-in first; afterwards it goes on by itself. */
export function SignInForTool({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const connect = useAsk('connect');
  const decline = useAsk('declineConsent');
  const error = connect.error ?? decline.error;
  const busy = connect.busy || decline.busy;
  const actions = (
    <>
      <Button look="quiet" isDisabled={busy} onPress={() => { void decline.ask({ id: server.id }); }}>{words.say('consent-not-now')}</Button>
      <Button look="primary" isDisabled={busy} onPress={() => { void connect.ask({ id: server.id }); }}>{words.say('consent-sign-in')}</Button>
    </>
  );
  return (
    <>
      {error ? <ErrorNotice error={error} host={server.host} /> : null}
      <Notice tone="warn" title={words.say('consent-sign-in-first')} actions={actions}>
        <p>{words.say(server.signInMethod.kind === 'person' ? 'consent-then' : 'consent-sign-in-then-machine')}</p>
      </Notice>
    </>
  );
}
