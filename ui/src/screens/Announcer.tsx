import { useEffect, useRef } from 'react';

import type { ServerView } from '../../contract/ServerView';
import type { VaultView } from '../../contract/VaultView';
import { runKey, type Known } from '../state/state';
import { rowLine } from '../words/sentences';
import { vaultSentence } from '../words/vault';
import { useWords, type Words } from '../words/words';

/** Says aloud, for screen readers, what changed by itself. */
export function Announcer({ servers, asked, vault }: Pick<Known, 'servers' | 'asked' | 'vault'>) {
  const words = useWords();
  const region = useRef<HTMLDivElement>(null);
  const before = useRef<Pick<Known, 'servers' | 'vault'>>({ servers, vault });
  useEffect(() => {
    const ofServers = servers.flatMap((now) => {
      const was = before.current.servers.find((one) => one.id === now.id);
      return was && was !== now ? changed(words, was, now, asked) : [];
    });
    const gone = before.current.servers.filter((was) => !servers.some((one) => one.id === was.id)).map((was) => words.say('window-news-deleted', { server: was.name }));
    const news = [...ofVault(words, before.current.vault, vault), ...ofServers, ...gone];
    before.current = { servers, vault };
    if (region.current && news.length > 0) region.current.textContent = news.join(' ');
  }, [servers, asked, vault, words]);
  return <div ref={region} className="only-spoken" role="status" aria-live="polite" />;
}

function ofVault(words: Words, was: VaultView, now: VaultView): readonly string[] {
  const isOfTheLost = was.kind === 'open' && now.kind === 'open' && was.keeper !== now.keeper && [was.keeper, now.keeper].includes('nobody');
  if (isOfTheLost) return [words.say(vaultSentence(now))];
  if (was.kind === now.kind) return [];
  return [words.say(now.kind === 'open' ? 'window-news-unlocked' : vaultSentence(now))];
}

function changed(words: Words, was: ServerView, now: ServerView, asked: Known['asked']): readonly string[] {
  const server = now.name;
  // Without an outcome it has not ended: it rests until the vault is opened.
  if (was.signIn && !now.signIn && now.lastOutcome) {
    const good = now.lastOutcome.kind === 'authorized';
    return [words.say(good ? 'window-news-signed-in' : 'window-news-sign-in-ended', { server })];
  }
  if (now.question !== null && was.question?.id !== now.question.id) {
    return [words.say('window-news-question', { server, number: asked[runKey(now.id, now.question.tool ?? '')]?.number ?? 1 })];
  }
  if (was.accounts.length > 0 && now.accounts.length === 0) return [words.say('window-news-signed-out', { server })];
  const consents = now.consent !== null && was.consent === null;
  if (!consents && was.state.kind === now.state.kind && (was.signIn?.stage.kind === now.signIn?.stage.kind || !now.signIn)) return [];
  return [words.say('window-news-state', { server, state: stateWords(words, now) })];
}

/** What is said of a state. One that was just left may still have an account that is going, which is not worth a word. */
function stateWords(words: Words, server: ServerView): string {
  const isOff = server.state.kind === 'off' && !server.signIn;
  return isOff ? words.say('state-off') : rowLine(words, server, Math.floor(Date.now() / 1000));
}
