/** An edit under way, and what of it really changes something. Pure. */
import type { AuthKind } from '../../contract/AuthKind';
import type { EditServer } from '../../contract/EditServer';
import type { HeaderEdit } from '../../contract/HeaderEdit';
import type { NewHeader } from '../../contract/NewHeader';
import type { SecretEdit } from '../../contract/SecretEdit';
import type { ServerView } from '../../contract/ServerView';

export interface Draft {
  readonly name: string;
  readonly url: string;
  readonly authKind: AuthKind | null;
  readonly headers: readonly NewHeader[];
  readonly clientId: string;
  readonly secret: string;
  readonly clearSecret: boolean;
}

export function draftOf(server: ServerView): Draft {
  const headers = server.headers.map((header) => ({ name: header.name, value: '' }));
  const draft: Draft = { name: server.name, url: server.url, authKind: server.authKind, headers, clientId: server.clientId ?? '', secret: '', clearSecret: false };
  return { ...draft, ...withKind(draft, server.authKind) };
}

/** Another kind; a key has a row to type it into. */
export function withKind(draft: Draft, authKind: AuthKind | null): Pick<Draft, 'authKind' | 'headers'> {
  const headers = authKind === 'header' && draft.headers.length === 0 ? [{ name: 'Authorization', value: '' }] : draft.headers;
  return { authKind, headers };
}

/** `null` where nothing changed. Untouched secrets stay as they are. */
export function changesOf(server: ServerView, draft: Draft): EditServer | null {
  const changes: EditServer = {
    id: server.id,
    name: unlessSame(draft.name.trim(), server.name),
    url: unlessSame(draft.url.trim(), server.url),
    authKind: unlessSame(draft.authKind, server.authKind),
    headers: headerEdits(server, draft.headers),
    clientId: unlessSame(draft.clientId.trim(), server.clientId ?? ''),
    clientSecret: secretEdit(draft),
  };
  const parts = [changes.name, changes.url, changes.authKind, changes.headers, changes.clientId];
  const same = parts.every((part) => part === null) && changes.clientSecret.kind === 'keep';
  return same ? null : changes;
}

/** Tells whether a change ends every sign-in at the server, as the core does it. */
export function endsSignIns(changes: EditServer): boolean {
  const leavesOauth = changes.authKind !== null && changes.authKind !== 'oauth';
  return changes.url !== null || changes.clientId !== null || changes.clientSecret.kind !== 'keep' || leavesOauth;
}

function unlessSame<T>(now: T, before: T): T | null {
  return now === before ? null : now;
}

function secretEdit(draft: Draft): SecretEdit {
  if (draft.clearSecret) return { kind: 'clear' };
  return draft.secret ? { kind: 'set', value: draft.secret } : { kind: 'keep' };
}

function headerEdits(server: ServerView, headers: readonly NewHeader[]): HeaderEdit[] | null {
  const before = server.headers.map((header) => header.name);
  const named = headers.filter((header) => before.includes(header.name) || (header.name.trim() !== '' && header.value !== ''));
  const untouched = named.length === before.length && named.every((header, at) => header.name === before[at] && header.value === '');
  if (untouched) return null;
  return named.map((header) => ({ name: header.name.trim(), value: header.value ? { kind: 'set', value: header.value } : { kind: 'keep' } }));
}
