/** What is listed, ticked and chosen of a server's permissions. Pure. */
import type { PermissionsView } from '../../contract/PermissionsView';

/** All is ticked until the person chooses. */
export function tickedIn(permissions: PermissionsView): readonly string[] {
  return permissions.chosen ?? permissions.offered;
}

/** Says whether there is anything to tick: the server names some, or the person has added one. */
export function namesAny(permissions: PermissionsView): boolean {
  return listedIn(permissions, tickedIn(permissions)).length > 0;
}

/** What the server names, and after it what the person added. */
export function listedIn(permissions: PermissionsView, ticked: readonly string[]): readonly string[] {
  return [...permissions.offered, ...ticked.filter((scope) => !permissions.offered.includes(scope))];
}

/** Whoever ticks exactly what the server names has no wish of their own, and is asked for whatever it names later. */
export function choiceOf(permissions: PermissionsView, ticked: readonly string[]): string[] | null {
  const all = permissions.offered.length === ticked.length && permissions.offered.every((scope) => ticked.includes(scope));
  return all ? null : [...ticked];
}
