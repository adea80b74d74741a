/** What accounts are called, and how they stand. Pure: state and time in, words out. */
import type { AccountView } from '../../contract/AccountView';
import type { ServerView } from '../../contract/ServerView';
import { duration } from './time';
import type { Words } from './words';

/** The person's or the provider's name for an account; one that nobody named has its place in the list,
 * and where no person signs in it is the client's. */
export function nameOf(words: Words, server: ServerView, account: AccountView): string {
  if (account.label !== null) return account.label;
  const at = server.accounts.findIndex((one) => one.id === account.id);
  if (hasSeveral(server)) return words.say('account-numbered', { number: at + 1 });
  const method = server.signInMethod;
  return method.kind === 'person' ? words.say('account-unnamed') : words.say('account-machine', { client: method.clientId });
}

/** Which account something was about, where that is worth saying: there are several, or it is gone. */
export function nameOfOne(words: Words, server: ServerView, id: string | null): string | null {
  if (id === null) return null;
  const account = server.accounts.find((one) => one.id === id);
  if (!account) return words.say('account-gone');
  return hasSeveral(server) ? nameOf(words, server, account) : null;
}

export function hasSeveral(server: ServerView): boolean {
  return server.accounts.length > 1;
}

/** As whom a server is used where that is worth saying: there is a name, or there are others. */
export function nameInUse(words: Words, server: ServerView): string | null {
  const { account } = server;
  return account && (account.label !== null || hasSeveral(server)) ? nameOf(words, server, account) : null;
}

/** The account that takes the place of one that goes: the oldest that works, or else the oldest. */
export function heirOf(server: ServerView, going: AccountView): AccountView | undefined {
  const rest = server.accounts.filter((one) => one.id !== going.id);
  return rest.find((one) => one.needs === null) ?? rest[0];
}

/** How long a sign-in lasts. */
export function lasting(words: Words, account: AccountView, now: number): string {
  if (account.expiresAt === null) return words.say(account.renews ? 'state-renews' : 'state-lasts');
  const left = account.expiresAt - now;
  if (!account.renews) return words.say('state-ends-in', { when: duration(words, left) });
  return left > 0 ? words.say('state-renews-in', { when: duration(words, left) }) : words.say('state-renews-now');
}
