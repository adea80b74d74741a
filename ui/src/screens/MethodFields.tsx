import type { SignInMethodView } from '../../contract/SignInMethodView';
import { Check } from '../parts/Check';
import { Choice } from '../parts/Choice';
import { TextInput } from '../parts/TextInput';
import { useWords } from '../words/words';
import { keepsIdpSecret, keepsToken, type MethodDraft } from './methodDraft';

interface Props {
  readonly stored: SignInMethodView;
  readonly draft: MethodDraft;
  readonly onChange: (part: Partial<MethodDraft>) => void;
}

/** What a way to sign in without a person takes. A stored secret can be replaced, never seen. */
export function MethodFields({ stored, draft, onChange }: Props) {
  const words = useWords();
  const again = stored.kind === draft.kind;
  const kept = (is: boolean, how: 'type' | 'paste') => (is ? words.say(`method-kept-${how}`) : '');
  const { kind } = draft;
  return (
    <>
      <TextInput label={words.say('method-client-id')} hint={words.say('method-client-id-hint')} value={draft.clientId} onChange={(clientId) => { onChange({ clientId }); }} autoComplete="off" mono />
      {kind === 'clientSecret' ? (
        <TextInput label={words.say('method-secret')} hint={words.say('method-secret-hint')} type="password" value={draft.secret} onChange={(secret) => { onChange({ secret }); }} placeholder={kept(again, 'type')} autoComplete="off" />
      ) : null}
      {kind === 'privateKey' ? (
        <>
          <TextInput label={words.say('method-key')} hint={words.say('method-key-hint')} value={draft.key} onChange={(key) => { onChange({ key }); }} placeholder={kept(again, 'paste') || '-----BEGIN PRIVATE KEY-----'} rows={5} autoComplete="off" mono />
          <TextInput label={words.say('method-key-id')} aside={words.say('form-optional')} hint={words.say('method-key-id-hint')} value={draft.keyId} onChange={(keyId) => { onChange({ keyId }); }} autoComplete="off" mono />
        </>
      ) : null}
      {kind === 'company' ? <CompanyFields stored={stored} draft={draft} onChange={onChange} /> : null}
      {kind === 'company' || kind === 'platformToken' ? <TokenFields stored={stored} draft={draft} onChange={onChange} /> : null}
    </>
  );
}

function CompanyFields({ stored, draft, onChange }: Props) {
  const words = useWords();
  const hasSecret = stored.kind === 'company' && stored.hasSecret;
  const hasIdpSecret = keepsIdpSecret(stored, draft);
  const kept = (is: boolean) => (is ? words.say('method-kept-type') : '');
  return (
    <>
      <TextInput label={words.say('method-secret')} aside={words.say('client-secret-hint')} type="password" value={draft.secret} isDisabled={draft.clearSecret} onChange={(secret) => { onChange({ secret }); }} placeholder={kept(hasSecret)} autoComplete="off" />
      {hasSecret ? <Check isSelected={draft.clearSecret} onChange={(clearSecret) => { onChange({ clearSecret, secret: '' }); }}>{words.say('edit-client-secret-clear')}</Check> : null}
      <TextInput label={words.say('method-idp')} hint={words.say('method-idp-hint')} value={draft.idpIssuer} onChange={(idpIssuer) => { onChange({ idpIssuer }); }} placeholder="https://login.example.com" autoComplete="off" mono />
      <TextInput label={words.say('method-idp-client-id')} value={draft.idpClientId} onChange={(idpClientId) => { onChange({ idpClientId }); }} autoComplete="off" mono />
      <TextInput label={words.say('method-idp-secret')} aside={words.say('client-secret-hint')} type="password" value={draft.idpSecret} isDisabled={hasIdpSecret && draft.clearIdpSecret} onChange={(idpSecret) => { onChange({ idpSecret }); }} placeholder={kept(hasIdpSecret)} autoComplete="off" />
      {hasIdpSecret ? <Check isSelected={draft.clearIdpSecret} onChange={(clearIdpSecret) => { onChange({ clearIdpSecret, idpSecret: '' }); }}>{words.say('edit-client-secret-clear')}</Check> : null}
    </>
  );
}

/** Where the token comes from, and the token or its file. */
function TokenFields({ stored, draft, onChange }: Props) {
  const words = useWords();
  const which = draft.kind === 'company' ? 'id-token' : 'token';
  const keeps = keepsToken(stored, draft);
  return (
    <>
      <Choice label={words.say(`method-${which}`)} value={draft.from} options={(['paste', 'file'] as const).map((id) => ({ id, label: words.say(`method-token-${id}`) }))} onChange={(from) => { onChange({ from: from as MethodDraft['from'] }); }} />
      {draft.from === 'file' ? (
        <TextInput label={words.say('method-file')} hint={words.say('method-file-hint')} value={draft.tokenFile} onChange={(tokenFile) => { onChange({ tokenFile }); }} placeholder="/var/run/secrets/tokens/usher" autoComplete="off" mono />
      ) : (
        <TextInput label={words.say('method-pasted')} hint={words.say('method-pasted-hint')} value={draft.token} onChange={(token) => { onChange({ token }); }} placeholder={keeps ? words.say('method-kept-paste') : 'eyJ…'} rows={3} autoComplete="off" mono />
      )}
    </>
  );
}
