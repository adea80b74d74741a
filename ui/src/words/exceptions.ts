/** What is excepted at a server, in words, and what a failed sign-in could be excepted from. Pure. */
import type { ExceptionsView } from '../../contract/ExceptionsView';
import type { OutcomeView } from '../../contract/OutcomeView';
import type { ServerView } from '../../contract/ServerView';
import type { Values, Words } from './words';

export const NO_EXCEPTIONS: ExceptionsView = { acceptedIssuer: null, withoutPkceMetadata: false, extraParameters: [], omitResource: false, tokenAuthMethod: null };

/** One sentence for each exception that is in force, the kind that was chosen by hand among them. */
export function exceptionSentences(words: Words, server: ServerView): readonly string[] {
  const { acceptedIssuer, withoutPkceMetadata, extraParameters, omitResource, tokenAuthMethod } = server.exceptions;
  const names = extraParameters.map((one) => one.name).join(', ');
  return [
    server.authKindOverridden ? [words.say('exceptions-active-kind', { kind: words.say(`kind-${server.authKind ?? 'unknown'}`) })] : [],
    acceptedIssuer === null ? [] : [words.say('exceptions-active-issuer', { issuer: acceptedIssuer })],
    withoutPkceMetadata ? [words.say('exceptions-active-pkce')] : [],
    names ? [words.say('exceptions-active-parameters', { names, count: extraParameters.length })] : [],
    omitResource ? [words.say('exceptions-active-resource')] : [],
    tokenAuthMethod === null ? [] : [words.say('exceptions-active-method', { method: tokenAuthMethod })],
  ].flat();
}

/** How many of the exceptions that the settings show are in force. */
export function exceptionCount({ acceptedIssuer, withoutPkceMetadata, extraParameters, omitResource, tokenAuthMethod }: ExceptionsView): number {
  return [acceptedIssuer !== null, withoutPkceMetadata, extraParameters.length > 0, omitResource, tokenAuthMethod !== null].filter(Boolean).length;
}

/** The one exception with which a sign-in that ended so would go on, and what its question says. */
export interface Offer {
  readonly sentence: 'issuer' | 'pkce' | 'resource';
  readonly values: Values;
  readonly exception: Partial<ExceptionsView>;
}

/** `null` where no exception would help, or where it has been made already. */
export function offerOf(outcome: OutcomeView, { exceptions }: ServerView): Offer | null {
  switch (outcome.kind) {
    case 'issuerMismatch':
      if (outcome.found === null || outcome.found === exceptions.acceptedIssuer) return null;
      return { sentence: 'issuer', values: { expected: outcome.expected, found: outcome.found }, exception: { acceptedIssuer: outcome.found } };
    case 'noPkce':
      if (outcome.others || exceptions.withoutPkceMetadata) return null;
      return { sentence: 'pkce', values: { host: outcome.host }, exception: { withoutPkceMetadata: true } };
    case 'providerError':
    case 'exchangeFailed':
      // RFC 8707 §2: the provider does not take the resource it was told.
      if (outcome.error !== 'invalid_target' || exceptions.omitResource) return null;
      return { sentence: 'resource', values: { host: outcome.host }, exception: { omitResource: true } };
    default:
      return null;
  }
}
