/** Which servers the list shows for what was typed, and where. Pure. */
import type { ServerView } from '../../contract/ServerView';
import type { ToolsView } from '../../contract/ToolsView';
import type { VaultView } from '../../contract/VaultView';
import { isLocked } from '../words/locked';
import { groupOf, type Group } from '../words/sentences';

const ORDER: readonly Group[] = ['needs-you', 'connected', 'waiting', 'off'];

export interface Entry {
  readonly server: ServerView;
  /** Names of the tools that were searched for; empty if the server itself was found. */
  readonly tools: readonly string[];
}

export interface Filed {
  readonly group: Group;
  readonly entries: readonly Entry[];
}

export function includes(text: string, query: string): boolean {
  return text.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
}

/** Groups without entries are left out. */
export function filed(servers: readonly ServerView[], tools: Readonly<Record<string, ToolsView>>, query: string, vault: VaultView): readonly Filed[] {
  const group = (server: ServerView) => (isLocked(vault, server) ? 'waiting' : groupOf(server));
  const entries = servers.flatMap((server) => found(server, tools[server.id], query));
  return ORDER.map((one) => ({ group: one, entries: entries.filter((entry) => group(entry.server) === one) })).filter((one) => one.entries.length > 0);
}

function found(server: ServerView, tools: ToolsView | undefined, query: string): readonly Entry[] {
  if (!query.trim() || includes(server.name, query) || includes(server.host, query)) return [{ server, tools: [] }];
  const names = (tools?.tools ?? []).filter((tool) => includes(tool.name, query) || includes(tool.title ?? '', query)).map((tool) => tool.name);
  return names.length > 0 ? [{ server, tools: names }] : [];
}
