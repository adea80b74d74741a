import type { AccountView } from '../../../contract/AccountView';
import { Scopes } from '../../parts/Scopes';
import { ServerText } from '../../parts/ServerText';
import { moment } from '../../words/time';
import { useWords } from '../../words/words';

/** More than this many scopes fold up. */
const SHOWN = 8;

/** What an account may, since when, and what the provider calls it if the person calls it otherwise. */
export function AccountFacts({ account }: { readonly account: AccountView }) {
  const words = useWords();
  const { scopes, providerLabel } = account;
  return (
    <dl className="facts account-facts">
      {account.labelSource === 'person' && providerLabel !== null ? <><dt>{words.say('account-at-provider')}</dt><dd><ServerText text={providerLabel} /></dd></> : null}
      {account.needs === null ? null : <><dt>{words.say('account-issuer')}</dt><dd><ServerText text={account.issuerHost} /></dd></>}
      <dt>{words.say('account-scopes')}</dt>
      <dd>
        {scopes.length === 0 ? <span className="soft">{words.say('account-scopes-none')}</span> : null}
        {scopes.length > 0 && scopes.length <= SHOWN ? <Scopes scopes={scopes} /> : null}
        {scopes.length > SHOWN ? (
          <details className="account-scopes">
            <summary>{words.say('account-scopes-many', { count: scopes.length })}</summary>
            <Scopes scopes={scopes} />
          </details>
        ) : null}
      </dd>
      <dt>{words.say('account-since')}</dt>
      <dd>{moment(account.signedInAt)}</dd>
    </dl>
  );
}
