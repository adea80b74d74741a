import { useEffect, useState } from 'react';

import type { ServerView } from '../../contract/ServerView';
import type { SignInStage } from '../../contract/SignInStage';
import type { SignInView } from '../../contract/SignInView';
import { Button } from '../parts/Button';
import { CopyButton } from '../parts/CopyButton';
import { ErrorNotice } from '../parts/ErrorNotice';
import { Scopes } from '../parts/Scopes';
import { ServerText } from '../parts/ServerText';
import { useAsk, useCore, useNow } from '../state/hooks';
import { duration } from '../words/time';
import { useWords } from '../words/words';
import { AnotherWay } from './AnotherWay';
import { PasteAddress } from './PasteAddress';
import { SignInElsewhere } from './SignInElsewhere';
import { WhatHappens } from './WhatHappens';
import { WhoIsMeant } from './accounts/WhoIsMeant';

interface Props {
  readonly server: ServerView;
  readonly signIn: SignInView;
}

/** In place of the page while the person is in the browser. */
export function WaitingPanel({ server, signIn }: Props) {
  const words = useWords();
  const cancel = useAsk('cancelSignIn');
  const { stage } = signIn;
  const unopened = stage.kind === 'browser' && !stage.opened;
  return (
    <section className="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title" className="waiting-title">{words.say(`waiting-title-${unopened ? 'unopened' : stage.kind}`)}</h2>
      {stage.kind === 'finishing' ? null : <WhoIsMeant server={server} purpose={signIn.purpose} />}
      <Explained stage={stage} host={server.host} />
      {stage.kind === 'browser' ? <InBrowser id={signIn.id} unopened={unopened} /> : null}
      {stage.kind === 'browser' ? <SignInElsewhere server={server} /> : null}
      {stage.kind === 'browser' && stage.way.another ? <AnotherWay id={signIn.id} /> : null}
      {cancel.error ? <ErrorNotice error={cancel.error} /> : null}
      <WhatHappens id={signIn.id} />
      <div className="waiting-foot">
        <Left until={signIn.expiresAt} />
        <Button look="quiet" isDisabled={cancel.busy} onPress={() => { void cancel.ask({ id: signIn.id }); }}>{words.say('waiting-cancel')}</Button>
      </div>
    </section>
  );
}

function Explained({ stage, host }: { readonly stage: SignInStage; readonly host: string }) {
  const words = useWords();
  if (stage.kind === 'preparing') return <p className="soft">{words.say('waiting-preparing', { host })}</p>;
  if (stage.kind === 'finishing') return <p className="soft">{words.say('waiting-finishing')}</p>;
  return (
    <>
      {stage.way.again === null ? null : <p>{words.say(`waiting-again-${stage.way.again}`, { host: stage.authorizationHost })}</p>}
      <p className="soft">{words.say(stage.opened ? 'waiting-browser' : 'waiting-unopened')}</p>
      <p className="waiting-host"><ServerText text={stage.authorizationHost} /></p>
      {stage.scopes.length > 0 ? <><p className="soft">{words.say('waiting-scopes')}</p><Scopes scopes={stage.scopes} /></> : <p className="soft">{words.say('waiting-scopes-none')}</p>}
      <p className="soft">{words.say('waiting-then')}</p>
    </>
  );
}

function InBrowser({ id, unopened }: { readonly id: string; readonly unopened: boolean }) {
  const words = useWords();
  const reopen = useAsk('reopenBrowser');
  const link = useSignInLink(id);
  const [pasting, setPasting] = useState(false);
  const copy = <CopyButton look={unopened ? 'primary' : 'plain'} label={words.say('waiting-copy-link')} done={words.say('waiting-link-copied')} text={() => link} />;
  return (
    <>
      {reopen.error ? <ErrorNotice error={reopen.error} /> : null}
      <div className="buttons">
        {unopened ? copy : null}
        <Button isDisabled={reopen.busy} onPress={() => { void reopen.ask({ id }); }}>{words.say('waiting-reopen')}</Button>
        {unopened ? null : copy}
        <Button onPress={() => { setPasting(true); }} isDisabled={pasting}>{words.say('waiting-paste')}</Button>
      </div>
      {pasting ? <PasteAddress onClose={() => { setPasting(false); }} /> : null}
    </>
  );
}

/** Fetched ahead: a webview lets a click copy only what is there at once. */
function useSignInLink(id: string): string | undefined {
  const { host } = useCore();
  const [link, setLink] = useState<string>();
  useEffect(() => {
    host.call('signInLink', { id }).then((answer) => { setLink(answer.url); }, () => undefined);
  }, [host, id]);
  return link;
}

function Left({ until }: { readonly until: number }) {
  const words = useWords();
  const left = until - useNow(1);
  return <span className="soft">{left > 0 ? words.say('waiting-time', { when: duration(words, left) }) : words.say('waiting-time-up')}</span>;
}
