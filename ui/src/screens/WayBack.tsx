import { useState } from 'react';
import { Form } from 'react-aria-components';

import type { ServerView } from '../../contract/ServerView';
import type { WayBackChoice } from '../../contract/WayBackChoice';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { ErrorNotice } from '../parts/ErrorNotice';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';

const WAYS: readonly WayBackChoice[] = ['automatic', 'deepLink', 'loopbackAddress', 'loopbackName'];

/** How the browser comes back from this server's sign-ins. A choice counts at once; a port when it is sent. */
export function WayBack({ server }: { readonly server: ServerView }) {
  const words = useWords();
  const choose = useAsk('chooseWayBack');
  const { choice, port } = server.wayBack;
  const [typed, setTyped] = useState(port === null ? '' : String(port));
  const send = (next: WayBackChoice, nextPort: number | null) => { void choose.ask({ id: server.id, choice: next, port: nextPort }); };
  const wanted = portOf(typed);
  const loopback = choice === 'loopbackAddress' || choice === 'loopbackName';
  return (
    <section className="settings-part" aria-labelledby="way-title">
      <h2 id="way-title">{words.say('way-title')}</h2>
      <p className="hint">{words.say('way-hint')}</p>
      <Choice label={words.say('way-title')} hideLabel value={choice} options={WAYS.map((id) => ({ id, label: words.say(`way-${id}`) }))} onChange={(id) => { send(id as WayBackChoice, wanted ?? null); }} />
      {loopback ? (
        <Form className="port" onSubmit={(event) => { event.preventDefault(); if (wanted !== undefined) send(choice, wanted); }}>
          <TextInput label={words.say('way-port')} aside={words.say('way-port-optional')} hint={words.say('way-port-hint')} problem={wanted === undefined ? words.say('way-port-wrong') : undefined} value={typed} onChange={setTyped} inputMode="numeric" autoComplete="off" />
          <Button type="submit" isDisabled={wanted === undefined || wanted === port || choose.busy}>{words.say('way-port-save')}</Button>
        </Form>
      ) : null}
      {choose.error ? <ErrorNotice error={choose.error} host={server.host} /> : null}
    </section>
  );
}

/** `null` for none, `undefined` for what is no port. */
function portOf(text: string): number | null | undefined {
  const bare = text.trim();
  if (bare === '') return null;
  const port = /^\d{1,5}$/.test(bare) ? Number(bare) : 0;
  return port > 0 && port < 65536 ? port : undefined;
}
