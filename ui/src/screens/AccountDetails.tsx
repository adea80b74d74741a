import type { AccountView } from '../../contract/AccountView';
import { ServerText } from '../parts/ServerText';
import { Scopes } from '../parts/Scopes';
import { useNow } from '../state/hooks';
import { duration, moment } from '../words/time';
import { useWords, type Words } from '../words/words';

/** Who is signed in, where, and what for. */
export function AccountDetails({ account }: { readonly account: AccountView }) {
  const words = useWords();
  const now = useNow(10);
  return (
    <dl className="facts">
      <dt>{words.say('account-label')}</dt>
      <dd>{account.label === null ? <span className="soft">{words.say('account-unnamed')}</span> : <ServerText text={account.label} />}</dd>
      <dt>{words.say('account-issuer')}</dt>
      <dd><ServerText text={account.issuerHost} /></dd>
      <dt>{words.say('account-scopes')}</dt>
      <dd>{account.scopes.length > 0 ? <Scopes scopes={account.scopes} /> : <span className="soft">{words.say('account-scopes-none')}</span>}</dd>
      <dt>{words.say('account-since')}</dt>
      <dd>{moment(account.signedInAt)}</dd>
      <dt>{words.say('account-renews')}</dt>
      <dd>{renewal(words, account, now)}</dd>
    </dl>
  );
}

function renewal(words: Words, account: AccountView, now: number): string {
  const known = account.expiresAt === null ? '-unknown' : '';
  const when = duration(words, (account.expiresAt ?? now) - now);
  return words.say((account.renews ? 'account-renews-itself' : 'account-renews-not') + known, { when });
}
