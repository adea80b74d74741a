import type { OutcomeView } from '../../contract/OutcomeView';
import type { ServerView } from '../../contract/ServerView';
import { Button } from '../parts/Button';
import { CopyButton } from '../parts/CopyButton';
import { Notice } from '../parts/Notice';
import { ServerText } from '../parts/ServerText';
import { useCore } from '../state/hooks';
import { offerOf } from '../words/exceptions';
import { flawValues, wrongWords } from '../words/flaws';
import { isHere } from '../words/here';
import type { Values, Words } from '../words/words';
import { useWords } from '../words/words';
import { AgreeIssuer } from './AgreeIssuer';
import { ClientForm } from './ClientForm';
import { ExceptionOffer } from './ExceptionOffer';
import type { Deeds } from './ServerHead';

interface Props {
  readonly server: ServerView;
  /** Whether the person has not been told yet that it ended. */
  readonly finished: boolean;
  readonly deeds: Deeds;
}

type Step = 'connect' | 'settings' | 'client' | 'copy' | 'seen' | 'issuer';

const STEPS: Record<OutcomeView['kind'], Step> = {
  authorized: 'seen', serverGone: 'seen',
  declined: 'connect', cancelled: 'connect', providerError: 'connect', missingParameters: 'connect', unknownState: 'connect',
  exchangeFailed: 'connect', timedOut: 'connect', offline: 'connect', unreachable: 'connect', notStored: 'connect',
  insecureUrl: 'settings', notDiscoverable: 'settings', noPort: 'settings',
  noRegistration: 'client', registrationRefused: 'client', clientRefused: 'client',
  issuerMismatch: 'copy', noPkce: 'copy', badDocument: 'copy', issuerChanged: 'issuer', issuerNotAgreed: 'issuer',
  credentialsElsewhere: 'settings', tokenRefused: 'settings', credentialsRefused: 'settings', credentialsUnreadable: 'settings', keyNotTaken: 'settings', noToken: 'connect',
};

const CALM: readonly OutcomeView['kind'][] = ['declined', 'cancelled', 'timedOut', 'offline'];

/** How the last sign-in ended, in a sentence of its own, with its own next step. */
export function Outcome({ server, finished, deeds }: Props) {
  const words = useWords();
  const { store } = useCore();
  const outcome = server.lastOutcome;
  const connected = server.state.kind === 'ready';
  const told = outcome?.kind === 'authorized' ? finished && !connected : finished || !connected;
  if (!outcome || !told) return null;
  const id = sentenceOf(outcome);
  const values = valuesOf(words, outcome);
  const step = STEPS[outcome.kind];
  const label = words.say(`${id}.action`, values);
  const details = Object.entries(detailsOf(words, outcome)).map(([name, value]) => [words.say(`outcome-detail-${name}`), value ?? words.say('outcome-detail-found-none')] as const);
  const offer = offerOf(outcome, server);
  // Where somebody is signed in, to connect is not to sign in once more.
  const again = server.account?.needs === null ? deeds.signIn : deeds.connect;
  const close = <Button look="quiet" onPress={() => { store.seen(server.id); }}>{words.say('window-close')}</Button>;
  const actions = {
    connect: <Button onPress={again}>{label}</Button>,
    settings: <Button onPress={deeds.settings}>{label}</Button>,
    seen: <Button look="quiet" onPress={() => { store.seen(server.id); }}>{label}</Button>,
    copy: <CopyButton look="plain" label={label} text={() => [words.say(id, values), ...details.map((pair) => pair.join(': '))].join('\n')} />,
    client: null,
    issuer: outcome.kind === 'issuerChanged' || outcome.kind === 'issuerNotAgreed' ? <AgreeIssuer id={server.id} asked={outcome} label={label} onAgreed={deeds.signIn} /> : null,
  };
  return (
    <div role={outcome.kind === 'authorized' ? 'status' : 'alert'}>
      <Notice tone={toneOf(outcome)} title={words.say(id, values)} actions={connected ? <>{close}{actions[step]}</> : actions[step]}>
        <p>{words.say(`${id}.next`, values)}</p>
        {details.length > 0 ? <Details pairs={details} /> : null}
        {offer ? <ExceptionOffer server={server} offer={offer} onMade={deeds.signIn} /> : null}
        {step === 'client' ? <ClientForm server={server} send={label} onSaved={deeds.signIn} /> : null}
      </Notice>
    </div>
  );
}

function Details({ pairs }: { readonly pairs: readonly (readonly [string, string])[] }) {
  const words = useWords();
  return (
    <details className="details">
      <summary>{words.say('window-details')}</summary>
      <dl className="facts">
        {pairs.map(([name, value]) => (
          <div key={name} className="fact"><dt>{name}</dt><dd className="mono"><ServerText text={value} lines /></dd></div>
        ))}
      </dl>
    </details>
  );
}

/** Names the sentence of an outcome. */
function sentenceOf(outcome: OutcomeView): string {
  if (outcome.kind === 'noPort' && outcome.port === null) return 'outcome-noPort-any';
  if (outcome.kind === 'issuerChanged' && outcome.from === outcome.to) return 'outcome-issuerChanged-host';
  return `outcome-${outcome.kind}`;
}

function toneOf(outcome: OutcomeView) {
  if (outcome.kind === 'authorized') return 'good';
  if (CALM.includes(outcome.kind)) return 'plain';
  return ['client', 'issuer'].includes(STEPS[outcome.kind]) ? 'warn' : 'bad';
}

/** What the sentence needs. */
function valuesOf(words: Words, outcome: OutcomeView): Values {
  if (outcome.kind === 'badDocument') return flawValues(words, outcome);
  const here = 'host' in outcome && isHere(outcome.host) ? 'yes' : 'no';
  return { ...Object.fromEntries(Object.entries(outcome).map(([name, value]) => [name, value === null ? 'none' : String(value)])), here };
}

/** What folds open below it: everything the core told, without what the sentence says already. */
function detailsOf(words: Words, outcome: OutcomeView): Readonly<Record<string, string | null>> {
  switch (outcome.kind) {
    case 'providerError':
      return outcome.description === null ? {} : { description: outcome.description };
    case 'issuerMismatch':
      return { expected: outcome.expected, found: outcome.found };
    case 'issuerChanged':
      return { from: outcome.from, to: outcome.to, fromHost: outcome.fromHost, toHost: outcome.toHost };
    case 'issuerNotAgreed':
      return { issuer: outcome.issuer };
    case 'exchangeFailed':
    case 'registrationRefused':
      return outcome.error === null ? {} : { error: outcome.error };
    case 'badDocument':
      return { document: words.say(`document-${outcome.document}.kind`), url: outcome.url, wrong: wrongWords(words, outcome) };
    case 'noPkce':
      return { host: outcome.host };
    default:
      return {};
  }
}
