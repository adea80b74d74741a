import type { ServerView } from '../../contract/ServerView';
import { Choice } from '../parts/Choice';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

/** Where one signs in, if the server leaves a choice. */
export function SignInAt({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const agree = useAsk('agreeIssuer');
  const { offered, issuer } = server.provider;
  if (offered.length < 2) return null;
  return (
    <section className="settings-part" aria-labelledby="sign-in-at-title">
      <h2 id="sign-in-at-title">{words.say('provider-title')}</h2>
      <p className="hint">{words.say('provider-hint')}</p>
      <Choice
        label={words.say('provider-title')}
        hideLabel
        value={issuer ?? offered[0]?.issuer ?? null}
        options={offered.map((one) => ({ id: one.issuer, label: one.issuer }))}
        onChange={(id) => { void agree.ask({ id: server.id, issuer: id, tokenHost: null }); }}
      />
      {agree.error ? <ErrorNotice error={agree.error} host={server.host} /> : null}
    </section>
  );
}
