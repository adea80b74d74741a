import { useState } from 'react';
import { Disclosure, DisclosurePanel, Form, Heading } from 'react-aria-components';

import type { AuthKind } from '../../contract/AuthKind';
import type { NewHeader } from '../../contract/NewHeader';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Choice';
import { ErrorNotice } from '../parts/ErrorNotice';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { useWords } from '../words/words';
import { wholeAddress } from './address';
import { AddressInput, isAboutAddress } from './AddressInput';
import { Detection } from './Detection';
import { HeaderFields } from './HeaderFields';
import { hasHeaderProblem } from './headers';
import { useProbe } from './useProbe';

interface Props {
  readonly onClose: () => void;
  readonly onAdded: (id: string) => void;
}

const KINDS = ['detected', 'open', 'header', 'oauth'] as const;
type KindChoice = (typeof KINDS)[number];

/** One address; under it, live, what was found. Saving works whatever was found. */
export function AddForm({ onClose, onAdded }: Props) {
  const words = useWords();
  const add = useAsk('addServer');
  const connect = useAsk('connect');
  const [url, setUrl] = useState('');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<KindChoice>('detected');
  const [headers, setHeaders] = useState<readonly NewHeader[]>([{ name: 'Authorization', value: '' }]);
  const [tried, setTried] = useState(false);
  const unfinished = wholeAddress(url) !== null;
  const looking = useProbe(unfinished ? '' : url);
  const found = looking.kind === 'found' ? looking.probe.kind : null;
  const asksHeaders = kind === 'header' || (kind === 'detected' && found === 'header');
  const save = async (andConnect: boolean) => {
    setTried(true);
    if (unfinished || (asksHeaders && hasHeaderProblem(headers))) return;
    const authKind: AuthKind | null = kind === 'detected' ? null : kind;
    const kept = asksHeaders ? headers.filter((header) => header.value !== '' && header.name !== '') : [];
    const added = await add.ask({ name: name.trim(), url: url.trim(), authKind, headers: [...kept] });
    if (!added) return;
    onAdded(added.answer.id);
    onClose();
    if (andConnect) void connect.ask({ id: added.answer.id });
  };
  return (
    <Form onSubmit={(event) => { event.preventDefault(); void save(true); }}>
      <AddressInput autoFocus label={words.say('add-address')} placeholder={words.say('add-address-placeholder')} value={url} onChange={(typed) => { setUrl(typed); setTried(false); add.clear(); }} error={add.error} tried={tried}>
        <Detection looking={looking} />
      </AddressInput>
      {asksHeaders ? <HeaderFields headers={headers} onChange={setHeaders} /> : null}
      <Disclosure className="disclosure">
        <Heading level={3}><Button slot="trigger" look="quiet" className="btn-small disclosure-button">{words.say('add-advanced')}</Button></Heading>
        <DisclosurePanel>
          <TextInput label={words.say('add-name')} aside={words.say('add-name-hint')} value={name} onChange={setName} autoComplete="off" />
          <Choice label={words.say('add-kind')} value={kind} options={KINDS.map((id) => ({ id, label: words.say(`add-kind-${id}`) }))} onChange={(id) => { setKind(id as KindChoice); }} />
        </DisclosurePanel>
      </Disclosure>
      {add.error && !isAboutAddress(add.error) ? <ErrorNotice error={add.error} /> : null}
      <div className="sheet-actions">
        <Button look="quiet" onPress={onClose}>{words.say('add-cancel')}</Button>
        <Button isDisabled={add.busy} onPress={() => { void save(false); }}>{words.say('add-save')}</Button>
        <Button type="submit" look="primary" isDisabled={add.busy}>{words.say('add-save-connect')}</Button>
      </div>
    </Form>
  );
}
