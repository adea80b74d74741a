/** Who asks what for: the title of a question. Pure. */
import type { QuestionView } from '../../contract/QuestionView';
import type { ServerView } from '../../contract/ServerView';
import type { Words } from './words';

/** `number` is the how-manieth of its run it is. */
export function questionTitle(words: Words, server: ServerView, { tool }: QuestionView, number: number): string {
  const id = ['question-title', ...(tool === null ? [] : ['tool']), ...(number > 1 ? ['further'] : [])].join('-');
  return words.say(id, { server: server.name, tool: tool ?? '' });
}
