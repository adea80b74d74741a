import type { ServerView } from '../../contract/ServerView';
import { Check } from '../parts/Check';
import { CopyButton } from '../parts/CopyButton';
import { ServerText } from '../parts/ServerText';
import { TextInput } from '../parts/TextInput';
import { useWords } from '../words/words';
import type { Draft } from './draft';

interface Props {
  readonly server: ServerView;
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** One's own client at the provider. The secret can be replaced and removed, never seen. */
export function ClientFields({ server, draft, onChange }: Props) {
  const words = useWords();
  return (
    <fieldset className="client">
      <legend>{words.say('edit-client')}</legend>
      <p className="hint">{words.say('edit-client-hint')}</p>
      <TextInput label={words.say('edit-client-id')} value={draft.clientId} onChange={(clientId) => { onChange({ clientId }); }} autoComplete="off" mono />
      <TextInput label={words.say('edit-client-secret')} type="password" value={draft.secret} isDisabled={draft.clearSecret} onChange={(secret) => { onChange({ secret }); }} placeholder={server.hasClientSecret ? words.say('edit-client-secret-kept') : ''} autoComplete="off" />
      {server.hasClientSecret ? <Check isSelected={draft.clearSecret} onChange={(clearSecret) => { onChange({ clearSecret, secret: '' }); }}>{words.say('edit-client-secret-clear')}</Check> : null}
      <div className="field">
        <span className="label">{words.say('edit-redirect')}</span>
        <span className="code-line"><ServerText text={server.wayBack.redirectUri} /><CopyButton text={() => server.wayBack.redirectUri} /></span>
      </div>
    </fieldset>
  );
}
