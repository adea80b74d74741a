import type { QuestionView } from '../../contract/QuestionView';
import type { ServerView } from '../../contract/ServerView';
import type { ToolsView } from '../../contract/ToolsView';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { useQuestionNumber } from '../state/hooks';
import { questionTitle } from '../words/question';
import { useWords } from '../words/words';
import { serverPlace, type Place } from './place';
import { Question } from './Question';

interface Props {
  readonly server: ServerView;
  readonly question: QuestionView;
  readonly tools: ToolsView | undefined;
  readonly place: Extract<Place, { kind: 'server' }>;
  readonly onGo: (place: Place) => void;
}

/** A question on its server's page: the way to the tool that asks, or the question itself where it is no tool's that is shown. */
export function QuestionWaits({ server, question, tools, place, onGo }: Props) {
  const words = useWords();
  const { tool } = question;
  const number = useQuestionNumber(server.id, tool);
  if (tool === null || !tools?.tools.some((one) => one.name === tool)) return <Question key={question.id} server={server} question={question} />;
  if (place.tab === 'tools' && place.tool === tool) return null;
  const show = <Button look="primary" onPress={() => { onGo(serverPlace(server.id, 'tools', tool)); }}>{words.say('needs-show')}</Button>;
  return <div role="alert"><Notice tone="warn" title={questionTitle(words, server, question, number)} actions={show} /></div>;
}
