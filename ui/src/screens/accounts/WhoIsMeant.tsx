import type { PurposeView } from '../../../contract/PurposeView';
import type { ServerView } from '../../../contract/ServerView';
import { nameOf } from '../../words/accounts';
import { useWords, type Words } from '../../words/words';

interface Props {
  readonly server: ServerView;
  readonly purpose: PurposeView;
}

/** As whom to sign in on the page, where that is not a matter of course. */
export function WhoIsMeant({ server, purpose }: Props) {
  const words = useWords();
  const asksSomebody = server.accounts.length > 0 && server.signInMethod.kind === 'person';
  const sentence = asksSomebody ? sentenceOf(words, server, purpose) : null;
  return sentence === null ? null : <p className="waiting-meant">{sentence}</p>;
}

function sentenceOf(words: Words, server: ServerView, purpose: PurposeView): string | null {
  if (purpose.kind !== 'again') return purpose.kind === 'connect' ? null : words.say(`waiting-meant-${purpose.kind}`, { server: server.name });
  const account = server.accounts.find((one) => one.id === purpose.account);
  if (!account) return null;
  const id = account.providerLabel === null ? 'waiting-meant-again-unnamed' : 'waiting-meant-again';
  return words.say(id, { account: nameOf(words, server, account) });
}
