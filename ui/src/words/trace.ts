/** What happened in a run, in words: lines for the timeline, and a text for a report. Pure. */
import type { Decision } from '../../contract/Decision';
import type { RunStepsView } from '../../contract/RunStepsView';
import type { RunView } from '../../contract/RunView';
import type { ServerView } from '../../contract/ServerView';
import type { StepView } from '../../contract/StepView';
import type { StepWhat } from '../../contract/StepWhat';
import type { Mark } from './sentences';
import { nameOfOne } from './accounts';
import { elapsed, moment } from './time';
import { flawValues, type Flawed } from './flaws';
import { visible } from './visible';
import type { Values, Words } from './words';

/** A name with its value; `null` where the value is not shown. */
export interface Detail {
  readonly name: string;
  readonly value: string | null;
}

/** Who made a report, and about which server it is. */
export interface Reporter {
  readonly version: string;
  readonly host: string;
}

/** How a run ended, or that it goes on. */
export function runSentence(words: Words, { standing }: RunView): string {
  switch (standing.kind) {
    case 'underWay':
    case 'unfinished':
      return words.say(`run-${standing.kind}`);
    case 'signIn':
      return words.say(`outcome-${standing.outcome.kind}`, standing.outcome.kind === 'badDocument' ? flawValues(words, standing.outcome) : valuesOf(standing.outcome));
    case 'renewal':
      return words.say(`run-renewal-${standing.end}`);
    case 'signOut':
      return words.say(`run-signOut-${standing.revocation}`);
    case 'deregistration':
      return words.say(`run-deregistration-${standing.end}`);
  }
}

/** What a run was, about whom if there are several, and when. */
export function runFacts(words: Words, server: ServerView, run: RunView): string {
  return [runKind(words, run), visible(nameOfOne(words, server, run.account) ?? ''), moment(run.begunAt)].filter(Boolean).join(' · ');
}

/** What a run is: a sign-in, a renewal, a sign-out. */
export function runKind(words: Words, { standing }: RunView): string {
  const kind = standing.kind === 'underWay' || standing.kind === 'unfinished' ? 'signIn' : standing.kind;
  return words.say(`run-kind-${kind}`);
}

export function runMark({ standing }: RunView): Mark {
  switch (standing.kind) {
    case 'underWay':
      return 'busy';
    case 'unfinished':
      return 'off';
    case 'signIn':
      if (standing.outcome.kind === 'authorized') return 'ok';
      return ['declined', 'cancelled', 'timedOut', 'offline'].includes(standing.outcome.kind) ? 'off' : 'bad';
    case 'renewal':
      return ['unreachable', 'portal', 'unknown'].includes(standing.end) ? 'warn' : 'bad';
    case 'signOut':
      return standing.revocation === 'failed' || standing.revocation === 'unreachable' ? 'warn' : 'ok';
    case 'deregistration':
      return standing.end === 'deleted' ? 'ok' : 'warn';
  }
}

/** One step in one line. */
export function stepSentence(words: Words, what: StepWhat): string {
  switch (what.kind) {
    case 'asked':
      return words.say('step-asked', { method: what.method, url: what.url });
    case 'answered':
      return words.say('step-answered', { status: String(what.status), type: what.mediaType ?? 'none' });
    case 'failed':
      return words.say('step-failed', { why: words.say(`http-${what.why}`) });
    case 'decided':
      return words.say(`decided-${what.decision.kind}`, decisionValues(words, what.decision));
    case 'leftOut':
      return words.say('step-left-out', { steps: what.steps });
  }
}

export function stepMark(what: StepWhat): Mark {
  if (what.kind === 'failed') return 'bad';
  if (what.kind === 'answered') return what.status >= 500 ? 'warn' : 'off';
  if (what.kind !== 'decided') return 'off';
  if (what.exception) return 'warn';
  return what.refusal ? 'bad' : 'ok';
}

/** What folds open below a step. */
export function stepDetails(what: StepWhat): readonly Detail[] {
  switch (what.kind) {
    case 'asked':
      return what.params;
    case 'answered':
      return [...what.headers, ...what.members];
    case 'decided':
      return factsOf(what.decision);
    case 'failed':
    case 'leftOut':
      return [];
  }
}

/** A run as text, one line a step, for a bug report. */
export function transcript(words: Words, { run, steps }: RunStepsView, reporter: Reporter): string {
  const head = [
    words.say('report-head', { version: reporter.version, host: reporter.host }),
    words.say('report-run', { kind: runKind(words, run), when: new Date(run.begunAt * 1000).toISOString(), how: runSentence(words, run) }),
  ];
  return [...head, '', ...steps.map((step) => reportLine(words, step)), ''].join('\n');
}

function reportLine(words: Words, { afterMs, what }: StepView): string {
  const details = stepDetails(what).map(({ name, value }) => `${visible(name)}=${value === null ? words.say('step-hidden') : visible(value)}`);
  const rule = what.kind === 'decided' ? [`[${what.rule}]`] : [];
  const mark = what.kind !== 'decided' ? '' : what.refusal ? '✗ ' : what.exception ? '! ' : '';
  const rest = what.kind === 'decided' || details.length === 0 ? '' : `{ ${details.join('; ')} }`;
  const text = [mark + stepSentence(words, what), ...rule, rest].filter(Boolean).join(' ');
  return `${String(afterMs).padStart(8)} ms  ${text.replace(/\s+/g, ' ')}`;
}

/** How long after the beginning a step came. */
export function stepTime(words: Words, step: StepView): string {
  return elapsed(words, step.afterMs);
}

function decisionValues(words: Words, decision: Decision): Values {
  const flawed = flawedOf(decision);
  return flawed ? flawValues(words, flawed) : valuesOf(decision);
}

function flawedOf(decision: Decision): Flawed | null {
  switch (decision.kind) {
    case 'resourceMetadataFlawed':
      return { document: 'resourceMetadata', ...decision };
    case 'serverMetadataFlawed':
      return { document: 'serverMetadata', ...decision };
    case 'registrationFlawed':
      return { document: 'registration', ...decision };
    case 'tokensFlawed':
      return { document: 'tokens', ...decision };
    case 'refusalFlawed':
      return { document: 'refusal', ...decision };
    case 'idTokenFlawed':
      return { document: 'idToken', ...decision };
    case 'userinfoFlawed':
      return { document: 'userinfo', ...decision };
    default:
      return null;
  }
}

/** What a sentence needs; `none` stands for what is not there, so that a sentence can choose by it. */
function valuesOf(told: object): Values {
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, typeof value === 'number' ? value : value === null ? 'none' : String(value)]));
}

function factsOf(decision: Decision): readonly Detail[] {
  const flawed = flawedOf(decision);
  const told = flawed ? { url: flawed.url, flaw: flawed.flaw.kind, ...flawed.flaw } : decision;
  return Object.entries(told).flatMap(([name, value]: [string, unknown]) => (name === 'kind' || value === null ? [] : [{ name, value: String(value) }]));
}
