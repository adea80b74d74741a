/** Where in the window the person is. */
export type Tab = 'tools' | 'accounts' | 'activity' | 'settings';

export type Place =
  | { readonly kind: 'none' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'server'; readonly id: string; readonly tab: Tab; readonly tool: string | null; readonly at?: 'key' };

export const NOWHERE: Place = { kind: 'none' };

export function serverPlace(id: string, tab: Tab = 'tools', tool: string | null = null): Place {
  return { kind: 'server', id, tab, tool };
}

/** Where the key of a server is typed. */
export function keyPlace(id: string): Place {
  return { kind: 'server', id, tab: 'settings', tool: null, at: 'key' };
}

/** Reads whether the desktop waits for another one, which is still ending, as `#waiting`. */
export function waitsInAddress(hash: string): boolean {
  return hash === '#waiting';
}

/** Reads where the desktop sends the person: it says so in the page's own address, as `#server=<id>`. */
export function placeInAddress(hash: string): Place | null {
  const id = /^#server=([0-9a-f]{32})$/.exec(hash)?.[1];
  return id === undefined ? null : serverPlace(id);
}

/** Who comes back to a server's tools finds the one that was chosen there. */
export function withTool(from: Place, to: Place, chosen: Readonly<Record<string, string | null>>): Place {
  const isThere = from.kind === 'server' && to.kind === 'server' && from.id === to.id;
  if (isThere || to.kind !== 'server' || to.tab !== 'tools' || to.tool !== null) return to;
  return { ...to, tool: chosen[to.id] ?? null };
}
