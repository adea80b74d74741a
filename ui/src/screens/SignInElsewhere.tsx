import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

/** For a server that names several places to sign in at: those that the browser was not sent to. */
export function SignInElsewhere({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const agree = useAsk('agreeIssuer');
  const connect = useAsk('connect');
  const { offered, issuer } = server.provider;
  const here = issuer ?? offered[0]?.issuer;
  const others = offered.filter((one) => one.issuer !== here);
  if (others.length === 0) return null;
  const go = async (to: string) => {
    if (await agree.ask({ id: server.id, issuer: to, tokenHost: null })) await connect.ask({ id: server.id });
  };
  const error = agree.error ?? connect.error;
  return (
    <>
      {error ? <ErrorNotice error={error} host={server.host} /> : null}
      <p className="another-way soft">
        {words.say('waiting-elsewhere')}{' '}
        {others.map((one) => (
          <Button key={one.issuer} look="quiet" isDisabled={agree.busy || connect.busy} onPress={() => { void go(one.issuer); }}>{words.say('waiting-elsewhere-go', { host: one.host })}</Button>
        ))}
      </p>
    </>
  );
}
