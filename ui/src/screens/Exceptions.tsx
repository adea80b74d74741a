import { useEffect, useRef, useState } from 'react';
import { Disclosure, DisclosurePanel, Form, Heading } from 'react-aria-components';

import type { AuthMethod } from '../../contract/AuthMethod';
import type { ExceptionsView } from '../../contract/ExceptionsView';
import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { Check } from '../parts/Check';
import { Choice } from '../parts/Choice';
import { ErrorNotice } from '../parts/ErrorNotice';
import { TextInput } from '../parts/TextInput';
import { useAsk } from '../state/hooks';
import { exceptionCount, NO_EXCEPTIONS } from '../words/exceptions';
import { useWords } from '../words/words';
import { ParameterFields } from './ParameterFields';

interface Props {
  readonly server: ServerView;
  /** Whether the person has come here to look at them. */
  readonly asked: boolean;
}

const METHODS: readonly (AuthMethod | 'default')[] = ['default', 'none', 'client_secret_basic', 'client_secret_post'];

/** For a provider that does not go by the rules: what is let pass there, each with what it costs. Closed unless there are any. */
export function Exceptions({ server, asked }: Props) {
  const words = useWords();
  const set = useAsk('setExceptions');
  const [draft, setDraft] = useState<ExceptionsView>(server.exceptions);
  const [saved, setSaved] = useState(false);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!asked) return;
    section.current?.scrollIntoView();
    section.current?.querySelector('button')?.focus({ preventScroll: true });
  }, [asked]);
  const count = exceptionCount(server.exceptions);
  const change = (part: Partial<ExceptionsView>) => {
    setSaved(false);
    setDraft((before) => ({ ...before, ...part }));
  };
  const next = tidied(draft);
  const changed = JSON.stringify(next) !== JSON.stringify(server.exceptions);
  const save = async (exceptions: ExceptionsView) => {
    const done = await set.ask({ id: server.id, exceptions });
    if (!done) return;
    setDraft(done.answer.exceptions);
    setSaved(true);
  };
  return (
    <section className="settings-part" ref={section}>
      <Disclosure className="disclosure" defaultExpanded={asked || count > 0}>
        <Heading level={2}><Button slot="trigger" look="quiet" className="disclosure-button exceptions-button"><span aria-hidden="true" className="exceptions-arrow">›</span>{words.say('exceptions-title')} <span className="aside">{words.say('exceptions-count', { count })}</span></Button></Heading>
        <DisclosurePanel>
          <Form onSubmit={(event) => { event.preventDefault(); void save(next); }}>
            <p className="hint exceptions-hint">{words.say('exceptions-hint')}</p>
            <TextInput label={words.say('exceptions-issuer')} hint={words.say('exceptions-issuer.risk')} value={draft.acceptedIssuer ?? ''} onChange={(acceptedIssuer) => { change({ acceptedIssuer }); }} autoComplete="off" mono />
            <Risky text="exceptions-pkce" isSelected={draft.withoutPkceMetadata} onChange={(withoutPkceMetadata) => { change({ withoutPkceMetadata }); }} />
            <Risky text="exceptions-resource" isSelected={draft.omitResource} onChange={(omitResource) => { change({ omitResource }); }} />
            <Choice label={words.say('exceptions-method')} hint={words.say('exceptions-method.risk')} value={draft.tokenAuthMethod ?? 'default'} options={METHODS.map((id) => ({ id, label: words.say(`exceptions-method-${id}`) }))} onChange={(id) => { change({ tokenAuthMethod: id === 'default' ? null : (id as AuthMethod) }); }} />
            <ParameterFields parameters={draft.extraParameters} onChange={(extraParameters) => { change({ extraParameters: [...extraParameters] }); }} />
            {set.error ? <ErrorNotice error={set.error} host={server.host} /> : null}
            <div className="buttons">
              <Button type="submit" isDisabled={!changed || set.busy}>{words.say('exceptions-save')}</Button>
              {count > 0 ? <Button look="quiet" isDisabled={set.busy} onPress={() => { void save(NO_EXCEPTIONS); }}>{words.say('exceptions-clear')}</Button> : null}
              <span className="soft" role="status">{saved && !changed ? words.say('edit-saved') : ''}</span>
            </div>
          </Form>
        </DisclosurePanel>
      </Disclosure>
    </section>
  );
}

interface RiskyProps {
  /** The sentence; its attribute says what it costs. */
  readonly text: 'exceptions-pkce' | 'exceptions-resource';
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
}

function Risky({ text, ...rest }: RiskyProps) {
  const words = useWords();
  return <Check {...rest}>{words.say(text)} <span className="hint">{words.say(`${text}.risk`)}</span></Check>;
}

/** What was typed as it is sent: spaces around it are nobody's wish, and an empty line is none. */
function tidied(draft: ExceptionsView): ExceptionsView {
  const parameters = draft.extraParameters.map((one) => ({ name: one.name.trim(), value: one.value.trim() }));
  return { ...draft, acceptedIssuer: draft.acceptedIssuer?.trim() || null, extraParameters: parameters.filter((one) => one.name !== '' || one.value !== '') };
}
