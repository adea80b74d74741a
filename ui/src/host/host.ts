/** The one door to the core: calls with answers, and events. Nothing else of the window knows what is behind it. */
import type { AppError } from '../../contract/AppError';
import type { Calls } from '../../contract/calls';
import type { Event } from '../../contract/Event';

export type CallName = keyof Calls;
export type Argument<K extends CallName> = Calls[K]['argument'];
export type Answer<K extends CallName> = Calls[K]['answer'];

export interface Host {
  /** Resolves with the core's answer and rejects with an `AppError`. */
  call<K extends CallName>(name: K, argument: Argument<K>): Promise<Answer<K>>;
  /** Resolves once events arrive for certain; what happened before is in the next snapshot. */
  listen(heard: (event: Event) => void): Promise<() => void>;
}

/** Makes anything that was thrown into an error people can read. */
export function appError(thrown: unknown): AppError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'args' in thrown) return thrown as AppError;
  return { code: 'badCall', args: {}, server: null };
}
