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
    const news = [...ofVault(words, before.current.vault, vault), ...ofServers];
    before.current = { servers, vault };
    if (region.current && news.length > 0) region.current.textContent = news.join(' ');
  }, [servers, asked, vault, words]);
  return <div ref={region} className="only-spoken" role="status" aria-live="polite" />;
}

function ofVault(words: Words, was: VaultView, now: VaultView): readonly string[] {
  if (was.kind === now.kind) return [];
  return [words.say(now.kind === 'open' ? 'window-news-unlocked' : vaultSentence(now))];
}

function changed(words: Words, was: ServerView, now: ServerView, asked: Known['asked']): readonly string[] {
  const server = now.name;
  if (was.signIn && !now.signIn) {
    const good = now.lastOutcome?.kind === 'authorized';
    return [words.say(good ? 'window-news-signed-in' : 'window-news-sign-in-ended', { server })];
  }
  if (now.question !== null && was.question?.id !== now.question.id) {
    return [words.say('window-news-question', { server, number: asked[runKey(now.id, now.question.tool ?? '')]?.number ?? 1 })];
  }
  const consents = now.consent !== null && was.consent === null;
  if (!consents && was.state.kind === now.state.kind && was.signIn?.stage.kind === now.signIn?.stage.kind) return [];
  return [words.say('window-news-state', { server, state: rowLine(words, now, Math.floor(Date.now() / 1000)) })];
}
