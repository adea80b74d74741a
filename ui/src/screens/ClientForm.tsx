import { useState } from 'react';
import { Form } from 'react-aria-components';

import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { CopyButton } from '../parts/CopyButton';
import { ErrorNotice } from '../parts/ErrorNotice';
import { ServerText } from '../parts/ServerText';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

interface Props {
  readonly server: ServerView;
  readonly send: string;
  readonly onSaved: () => void;
}

/** Asks for one's own client ID where a provider registers nobody by itself, then signs in. */
export function ClientForm({ server, send, onSaved }: Props) {
  const words = useWords();
  const edit = useAsk('editServer');
  const { clientIssuer, issuer } = server.provider;
  const [clientId, setClientId] = useState(clientIssuer === null || clientIssuer === issuer ? (server.clientId ?? '') : '');
  const [secret, setSecret] = useState('');
  const save = async () => {
    const clientSecret = secret ? ({ kind: 'set', value: secret } as const) : ({ kind: 'keep' } as const);
    const saved = await edit.ask({ id: server.id, name: null, url: null, authKind: null, headers: null, clientId: clientId.trim(), clientSecret });
    setSecret('');
    if (saved) onSaved();
  };
  return (
    <Form className="client-form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <div className="field">
        <span className="label">{words.say('client-redirect')}</span>
        <span className="code-line"><ServerText text={server.wayBack.redirectUri} /><CopyButton text={() => server.wayBack.redirectUri} /></span>
      </div>
      <TextInput label={words.say('client-id')} value={clientId} onChange={setClientId} autoComplete="off" mono />
      <TextInput label={words.say('client-secret')} aside={words.say('client-secret-hint')} type="password" value={secret} onChange={setSecret} autoComplete="off" />
      {edit.error ? <ErrorNotice error={edit.error} host={server.host} /> : null}
      <Button type="submit" look="primary" isDisabled={!clientId.trim() || edit.busy}>{send}</Button>
    </Form>
  );
}
