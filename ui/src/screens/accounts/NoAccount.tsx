import type { ServerView } from '../../../contract/ServerView';
import { Button } from '../../parts/Button';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { useAsk } from '../../state/hooks';
import { useWords } from '../../words/words';

/** Nobody is signed in: what an account is for, and the way to the first one. */
export function NoAccount({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const connect = useAsk('connect');
  const alone = server.signInMethod.kind === 'person' ? '' : '-machine';
  return (
    <div className="account-none">
      <h2>{words.say(`account-none${alone}`)}</h2>
      <p className="soft">{words.say(`account-none-body${alone}`)}</p>
      {connect.error ? <ErrorNotice error={connect.error} host={server.host} /> : null}
      <div className="buttons"><Button isDisabled={connect.busy} onPress={() => { void connect.ask({ id: server.id }); }}>{words.say(`account-sign-in${alone}`)}</Button></div>
    </div>
  );
}
