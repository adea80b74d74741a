import { useState } from 'react';
import { Form } from 'react-aria-components';

import type { AuthKind } from '../../contract/AuthKind';
import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { ErrorNotice } from '../parts/ErrorNotice';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { LeaveAll } from './accounts/LeaveAll';
import { ClientFields } from './ClientFields';
import { changesOf, draftOf, endsSignIns, withKind, type Draft } from './draft';
import { AddressInput, isAboutAddress } from './AddressInput';
import { wholeAddress } from './address';
import { HeaderFields } from './HeaderFields';
import { hasHeaderProblem } from './headers';

const KINDS = ['open', 'header', 'oauth'] as const;

interface Props {
  readonly server: ServerView;
  /** New whenever the person has come here to type a key. */
  readonly keyWanted?: object | null;
}

/** Name, address, and how the server is asked. What is stored and secret is never shown. */
export function ServerSettings({ server, keyWanted = null }: Props) {
  const words = useWords();
  const edit = useAsk('editServer');
  const [draft, setDraft] = useState<Draft>(() => draftOf(server));
  const [saved, setSaved] = useState(false);
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Draft>) => {
    setSaved(false);
    setTried(false);
    edit.clear();
    setDraft((before) => ({ ...before, ...part }));
  };
  const alone = server.signInMethod.kind !== 'person';
  const changes = changesOf(server, draft);
  const save = async () => {
    setAsking(false);
    if (!changes) return;
    const done = await edit.ask(changes);
    if (!done) return;
    setDraft(draftOf(done.answer));
    setSaved(true);
  };
  const submit = () => {
    setTried(true);
    if (wholeAddress(draft.url) !== null || hasHeaderProblem(draft.headers)) return;
    if (changes && server.accounts.length > 1 && endsSignIns(changes)) setAsking(true);
    else void save();
  };
  return (
    <Form className="narrow-text" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <TextInput label={words.say('edit-name')} value={draft.name} onChange={(name) => { change({ name }); }} autoComplete="off" />
      <AddressInput label={words.say('edit-address')} hint={server.account ? words.say('edit-address-hint') : undefined} value={draft.url} onChange={(url) => { change({ url }); }} error={edit.error} tried={tried} />
      <Choice label={words.say('edit-kind')} placeholder={words.say('add-kind-detected')} value={draft.authKind} options={KINDS.map((id) => ({ id, label: words.say(id === 'oauth' && alone ? 'edit-kind-alone' : `add-kind-${id}`) }))} onChange={(kind) => { change(withKind(draft, kind as AuthKind)); }} />
      {draft.authKind === 'header' || draft.headers.length > 0 ? (
        <HeaderFields headers={draft.headers} onChange={(headers) => { change({ headers }); }} stored={server.headers.map((header) => header.name)} wanted={keyWanted} />
      ) : null}
      {draft.authKind === 'oauth' && !alone ? <ClientFields server={server} draft={draft} onChange={change} /> : null}
      {edit.error && !isAboutAddress(edit.error) ? <ErrorNotice error={edit.error} host={server.host} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={!changes || edit.busy}>{words.say('edit-save')}</Button>
        {changes ? <Button look="quiet" onPress={() => { change(draftOf(server)); }}>{words.say('edit-undo')}</Button> : null}
        <span className="soft" role="status">{saved && !changes ? words.say('edit-saved') : ''}</span>
      </div>
      <LeaveAll by="edit" server={server} isOpen={asking} onLeave={() => { void save(); }} onClose={() => { setAsking(false); }} />
    </Form>
  );
}
