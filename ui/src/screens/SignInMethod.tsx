import { useState } from 'react';
import { Form } from 'react-aria-components';

import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { ErrorNotice } from '../parts/ErrorNotice';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { LeaveAll } from './accounts/LeaveAll';
import { methodDraftOf, methodOf, type MethodDraft, type MethodKind } from './methodDraft';
import { MethodFields } from './MethodFields';

const KINDS: readonly MethodKind[] = ['person', 'clientSecret', 'privateKey', 'company', 'platformToken'];

/** How one signs in to this server: in the browser, or without a person. What is stored and secret is never shown. */
export function SignInMethod({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const set = useAsk('setSignInMethod');
  const stored = server.signInMethod;
  const [draft, setDraft] = useState(() => methodDraftOf(stored));
  const [saved, setSaved] = useState(false);
  const [asking, setAsking] = useState(false);
  const change = (part: Partial<MethodDraft>) => {
    setSaved(false);
    set.clear();
    setDraft((before) => ({ ...before, ...part }));
  };
  const method = methodOf(stored, draft);
  const touched = JSON.stringify(draft) !== JSON.stringify(methodDraftOf(stored));
  const save = async () => {
    setAsking(false);
    if (!method) return;
    const done = await set.ask({ id: server.id, method });
    if (!done) return;
    setDraft(methodDraftOf(done.answer.signInMethod));
    setSaved(true);
  };
  return (
    <section className="settings-part" aria-labelledby="method-title">
      <h2 id="method-title">{words.say('method-title')}</h2>
      <p className="hint">{words.say(server.account ? 'method-hint-signed-in' : 'method-hint')}</p>
      <Form onSubmit={(event) => { event.preventDefault(); if (server.accounts.length > 1) setAsking(true); else void save(); }}>
        <Choice label={words.say('method-title')} hideLabel hint={draft.kind === 'person' ? undefined : words.say(`method-about-${draft.kind}`)} value={draft.kind} options={KINDS.map((id) => ({ id, label: words.say(`method-${id}`) }))} onChange={(kind) => { change({ kind: kind as MethodKind }); }} />
        {draft.kind === 'person' ? null : <MethodFields stored={stored} draft={draft} onChange={change} />}
        {set.error ? <ErrorNotice error={set.error} host={server.host} /> : null}
        {touched || saved ? (
          <div className="buttons">
            {touched ? <Button type="submit" look="primary" isDisabled={!method || set.busy}>{words.say('method-save')}</Button> : null}
            {touched ? <Button look="quiet" onPress={() => { change(methodDraftOf(stored)); }}>{words.say('edit-undo')}</Button> : null}
            <span className="soft" role="status">{saved && !touched ? words.say(draft.kind === 'person' ? 'edit-saved' : 'method-saved') : ''}</span>
          </div>
        ) : null}
        <LeaveAll by="edit" server={server} isOpen={asking} onLeave={() => { void save(); }} onClose={() => { setAsking(false); }} />
      </Form>
    </section>
  );
}
