import type { ConsentView } from '../../contract/ConsentView';
import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Notice } from '../parts/Notice';
import { Scopes } from '../parts/Scopes';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly consent: ConsentView;
}

/** More permission than the sign-in has: what for, which, and what happens on a click. No browser opens by itself. */
export function ConsentNotice({ server, consent }: Props) {
  const words = useWords();
  const allow = useAsk('allowConsent');
  const decline = useAsk('declineConsent');
  const error = allow.error ?? decline.error;
  const alone = server.signInMethod.kind === 'person' ? '' : '-machine';
  const busy = allow.busy || decline.busy;
  const title = consent.tool === null ? words.say('consent-to-connect', { server: server.name }) : words.say('consent-for-tool', { server: server.name, tool: consent.tool });
  const actions = (
    <>
      {consent.tool === null ? null : <Button look="quiet" isDisabled={busy} onPress={() => { void decline.ask({ id: server.id }); }}>{words.say('consent-not-now')}</Button>}
      <Button look="primary" isDisabled={busy} onPress={() => { void allow.ask({ id: server.id }); }}>{words.say(`consent-allow${alone}`)}</Button>
    </>
  );
  return (
    <>
      {error ? <ErrorNotice error={error} host={server.host} /> : null}
      <div role="alert">
        <Notice tone="warn" title={title} actions={actions}>
          {consent.scopes.length > 0 ? <Scopes scopes={consent.scopes} /> : <p>{words.say('consent-unnamed')}</p>}
          {consent.attempt > 1 ? <p>{words.say('consent-again', { attempt: consent.attempt })}</p> : null}
          <p>{words.say(`consent-then${alone}`)}</p>
        </Notice>
      </div>
    </>
  );
}
