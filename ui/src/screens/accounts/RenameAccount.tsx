import { useState } from 'react';
import { Form } from 'react-aria-components';

import type { AccountView } from '../../../contract/AccountView';
import type { ServerView } from '../../../contract/ServerView';
import { Button } from '../../parts/Button';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { TextInput } from '../../parts/TextInput';
import { useAsk } from '../../state/hooks';
import { hidesSomething, visible } from '../../words/visible';
import { useWords, type Words } from '../../words/words';

/** The most characters that the core keeps. */
const MOST = 120;

interface Props {
  readonly server: ServerView;
  readonly account: AccountView;
  readonly onClose: () => void;
}

/** The person's own name for an account; without one it is called as the provider says. */
export function RenameAccount({ server, account, onClose }: Props) {
  const words = useWords();
  const rename = useAsk('renameAccount');
  const own = account.labelSource === 'person' ? account.label ?? '' : '';
  const [typed, setTyped] = useState(own);
  const problem = problemOf(words, typed.trim());
  const save = async () => {
    if (problem !== undefined) return;
    if (typed.trim() === own || (await rename.ask({ account: { server: server.id, account: account.id }, name: typed.trim() }))) onClose();
  };
  const provider = account.providerLabel;
  return (
    <Form className="account-rename" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <TextInput
        autoFocus
        label={words.say('account-name')}
        hint={provider === null ? words.say('account-name-hint-unnamed') : words.say('account-name-hint', { label: provider })}
        problem={problem}
        placeholder={visible(provider ?? '')}
        value={typed}
        onChange={setTyped}
        onKeyDown={(event) => { if (event.key === 'Escape') onClose(); else event.continuePropagation(); }}
        autoComplete="off"
      />
      {rename.error ? <ErrorNotice error={rename.error} host={server.host} /> : null}
      <div className="buttons">
        <Button type="submit" look="primary" isDisabled={problem !== undefined || rename.busy}>{words.say('account-name-save')}</Button>
        <Button look="quiet" onPress={onClose}>{words.say('account-name-cancel')}</Button>
      </div>
    </Form>
  );
}

function problemOf(words: Words, name: string): string | undefined {
  const over = [...name].length - MOST;
  if (over > 0) return words.say('account-name-long', { count: over });
  return hidesSomething(name) ? words.say('account-name-hides') : undefined;
}
