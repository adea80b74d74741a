import type { ProbeView } from '../../contract/ProbeView';
import { Dot } from '../parts/Dot';
import { happened, nextStep } from '../words/errors';
import { isHere } from '../words/here';
import type { Mark } from '../words/sentences';
import { useWords, type Words } from '../words/words';
import type { Looking } from './useProbe';

interface Said {
  readonly mark: Mark;
  readonly lead: string;
  readonly rest: string;
}

/** What was found at the address, how sure that is, and what to do if it is not. */
export function Detection({ looking }: { readonly looking: Looking }) {
  const words = useWords();
  const said = inWords(words, looking);
  return (
    <>
      <Dot mark={said.mark} />
      <p>{said.lead ? <b>{said.lead} </b> : null}<span className="soft">{said.rest}</span></p>
    </>
  );
}

function inWords(words: Words, looking: Looking): Said {
  switch (looking.kind) {
    case 'idle':
      return { mark: 'off', lead: '', rest: words.say('probe-idle') };
    case 'looking':
      return { mark: 'busy', lead: '', rest: words.say('probe-looking', { host: hostOf(looking.url) }) };
    case 'refused':
      return { mark: 'warn', lead: happened(words, looking.error, hostOf(looking.url)), rest: nextStep(words, looking.error, hostOf(looking.url)) };
    case 'found':
      return found(words, looking.probe, hostOf(looking.url));
  }
}

function found(words: Words, probe: ProbeView, host: string): Said {
  switch (probe.kind) {
    case 'open':
    case 'header':
      return { mark: 'ok', lead: words.say(`probe-${probe.kind}`), rest: words.say(`probe-${probe.kind}.detail`) };
    case 'oauth': {
      const id = probe.authorizationHost === null ? 'probe-oauth-somewhere' : 'probe-oauth';
      const asks = probe.scopes.length > 0 ? [words.say('probe-permissions', { count: probe.scopes.length })] : [];
      return { mark: 'ok', lead: words.say(id), rest: [words.say(`${id}.detail`, { host: probe.authorizationHost ?? '' }), ...asks].join(' ') };
    }
    case 'unsure': {
      const id = `evidence-${probe.evidence.kind}`;
      const known = Object.fromEntries(Object.entries(probe.evidence).map(([name, value]) => [name, value === null ? '?' : String(value)]));
      const values = { ...known, here: isHere(host) ? 'yes' : 'no' };
      return { mark: 'warn', lead: `${words.say('probe-unsure')}: ${words.say(id, values)}`, rest: words.say(`${id}.next`, values) };
    }
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
