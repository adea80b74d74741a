import { useState } from 'react';
import { CheckboxGroup, Label } from 'react-aria-components';

import type { PermissionsView } from '../../contract/PermissionsView';
import type { ServerView } from '../../contract/ServerView';
import { Check } from '../parts/Check';
import { ErrorNotice } from '../parts/ErrorNotice';
import { ServerText } from '../parts/ServerText';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { AddPermission } from './AddPermission';
import { choiceOf, listedIn, tickedIn } from './permissions';

interface Pending {
  /** What it was chosen over; once the core tells something newer, that counts. */
  readonly over: PermissionsView;
  readonly ticked: readonly string[];
}

/** What the next sign-in asks for: all that the server names, unless the person unticks some or adds others. */
export function Permissions({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const set = useAsk('setScopes');
  const [pending, setPending] = useState<Pending | null>(null);
  const { permissions } = server;
  const ticked = pending?.over === permissions ? pending.ticked : tickedIn(permissions);
  const listed = listedIn(permissions, ticked);
  const choose = async (next: readonly string[]) => {
    setPending({ over: permissions, ticked: next });
    const done = await set.ask({ id: server.id, scopes: choiceOf(permissions, next) });
    if (!done) setPending(null);
  };
  return (
    <section className="permissions">
      <CheckboxGroup className="permissions-list" value={[...ticked]} onChange={(next) => { void choose(listed.filter((scope) => next.includes(scope))); }}>
        <Label className="permissions-title">{words.say('permissions-title')}</Label>
        <p className="hint">{words.say(listed.length === 0 ? 'permissions-unnamed' : ticked.length === 0 ? 'permissions-none' : 'permissions-hint')}</p>
        {listed.length > 0 ? (
          <div className="permissions-checks">
            {listed.map((scope) => <Check key={scope} value={scope}><span className="mono"><ServerText text={scope} /></span></Check>)}
          </div>
        ) : null}
      </CheckboxGroup>
      <AddPermission onAdd={(scope) => { void choose(ticked.includes(scope) ? ticked : [...ticked, scope]); }} />
      {set.error ? <ErrorNotice error={set.error} host={server.host} /> : null}
    </section>
  );
}
