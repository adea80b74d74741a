/** Lengths of time as a person says them. */
import type { Words } from './words';

export function duration(words: Words, seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 2) return words.say('duration-seconds', { seconds: whole });
  if (hours < 1) return words.say('duration-minutes', { minutes });
  if (hours < 48) return words.say('duration-hours', { hours, minutes: minutes % 60 });
  return words.say('duration-days', { days: Math.floor(hours / 24), hours: hours % 24 });
}

/** Milliseconds as one reads them beside each other. */
export function elapsed(words: Words, ms: number): string {
  if (ms < 1000) return words.say('elapsed-ms', { ms: String(ms) });
  if (ms < 60_000) return words.say('elapsed-seconds', { seconds: (ms / 1000).toFixed(2) });
  return duration(words, ms / 1000);
}

/** How long something took, no more exact than anybody cares. */
export function took(words: Words, ms: number): string {
  if (ms < 1000) return words.say('elapsed-ms', { ms: String(ms) });
  if (ms < 9950) return words.say('elapsed-seconds', { seconds: (ms / 1000).toFixed(1) });
  return duration(words, Math.round(ms / 1000));
}

/** A moment within the next days, as one says it. */
export function soon(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en', { weekday: 'long', hour: 'numeric', minute: '2-digit' });
}

/** A moment as a date and a time of day. */
export function moment(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}
