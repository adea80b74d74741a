/** A choice of how to sign in under way, and what of it can be sent. Pure. */
import type { NewSignInMethod } from '../../contract/NewSignInMethod';
import type { SecretEdit } from '../../contract/SecretEdit';
import type { SignInMethodView } from '../../contract/SignInMethodView';
import type { TokenEdit } from '../../contract/TokenEdit';

export type MethodKind = SignInMethodView['kind'];

export interface MethodDraft {
  readonly kind: MethodKind;
  readonly clientId: string;
  readonly secret: string;
  readonly clearSecret: boolean;
  readonly keyId: string;
  readonly key: string;
  readonly idpIssuer: string;
  readonly idpClientId: string;
  readonly idpSecret: string;
  readonly clearIdpSecret: boolean;
  readonly from: 'paste' | 'file';
  readonly token: string;
  readonly tokenFile: string;
}

const EMPTY: MethodDraft = {
  kind: 'person', clientId: '', secret: '', clearSecret: false, keyId: '', key: '', idpIssuer: '', idpClientId: '', idpSecret: '', clearIdpSecret: false,
  from: 'paste', token: '', tokenFile: '',
};

export function methodDraftOf(method: SignInMethodView): MethodDraft {
  switch (method.kind) {
    case 'person':
    case 'clientSecret':
      return { ...EMPTY, ...method };
    case 'privateKey':
      return { ...EMPTY, kind: method.kind, clientId: method.clientId, keyId: method.keyId ?? '' };
    case 'company':
      return { ...EMPTY, kind: method.kind, clientId: method.clientId, idpIssuer: method.idpIssuer, idpClientId: method.idpClientId, ...placeOf(method.tokenFile) };
    case 'platformToken':
      return { ...EMPTY, kind: method.kind, clientId: method.clientId, ...placeOf(method.tokenFile) };
  }
}

function placeOf(file: string | null): Pick<MethodDraft, 'from' | 'tokenFile'> {
  return { from: file === null ? 'paste' : 'file', tokenFile: file ?? '' };
}

/** Whether a token was pasted for this kind of method and is stored, and goes to nobody else than before. */
export function keepsToken(stored: SignInMethodView, draft: MethodDraft): boolean {
  const stays = draft.kind !== 'company' || asksSameIdp(stored, draft);
  return stays && stored.kind === draft.kind && 'tokenFile' in stored && stored.tokenFile === null;
}

/** Whether a secret is stored for the identity provider that the draft names. */
export function keepsIdpSecret(stored: SignInMethodView, draft: MethodDraft): boolean {
  return stored.kind === 'company' && stored.hasIdpSecret && asksSameIdp(stored, draft);
}

/** What one identity provider is shown is not kept for another. */
function asksSameIdp(stored: SignInMethodView, draft: MethodDraft): boolean {
  return stored.kind === 'company' && stored.idpIssuer === draft.idpIssuer.trim();
}

/** What to send; `null` while nothing changed or something is missing. What is stored and untouched stays. */
export function methodOf(stored: SignInMethodView, draft: MethodDraft): NewSignInMethod | null {
  const same = JSON.stringify(draft) === JSON.stringify(methodDraftOf(stored));
  return same || !isWhole(stored, draft) ? null : made(stored, draft);
}

function isWhole(stored: SignInMethodView, draft: MethodDraft): boolean {
  const has = (text: string) => text.trim() !== '';
  const again = stored.kind === draft.kind;
  const token = draft.from === 'file' ? has(draft.tokenFile) : has(draft.token) || keepsToken(stored, draft);
  switch (draft.kind) {
    case 'person':
      return true;
    case 'clientSecret':
      return has(draft.clientId) && (has(draft.secret) || again);
    case 'privateKey':
      return has(draft.clientId) && (has(draft.key) || again);
    case 'company':
      return [draft.clientId, draft.idpIssuer, draft.idpClientId].every(has) && token;
    case 'platformToken':
      return has(draft.clientId) && token;
  }
}

function made(stored: SignInMethodView, draft: MethodDraft): NewSignInMethod {
  const clientId = draft.clientId.trim();
  const token: TokenEdit = draft.from === 'file' ? { kind: 'file', path: draft.tokenFile.trim() } : draft.token.trim() ? { kind: 'paste', value: draft.token } : { kind: 'keep' };
  switch (draft.kind) {
    case 'person':
      return { kind: 'person' };
    case 'clientSecret':
      return { kind: 'clientSecret', clientId, secret: edit(draft.secret) };
    case 'privateKey':
      return { kind: 'privateKey', clientId, keyId: draft.keyId.trim() || null, key: edit(draft.key) };
    case 'company':
      return {
        kind: 'company', clientId, secret: edit(draft.secret, draft.clearSecret), idpIssuer: draft.idpIssuer.trim(), idpClientId: draft.idpClientId.trim(),
        idpSecret: edit(draft.idpSecret, draft.clearIdpSecret && keepsIdpSecret(stored, draft)), token,
      };
    case 'platformToken':
      return { kind: 'platformToken', clientId, token };
  }
}

function edit(value: string, clear = false): SecretEdit {
  if (clear) return { kind: 'clear' };
  return value.trim() ? { kind: 'set', value } : { kind: 'keep' };
}
