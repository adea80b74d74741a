import type { ImportView } from '../../../contract/ImportView';
import { Button } from '../../parts/Button';
import { Sheet } from '../../parts/Sheet';
import { useWords } from '../../words/words';

interface Props {
  readonly result: ImportView;
  /** Whether there are accounts or secrets in the file. */
  readonly isSecret: boolean;
  readonly onClose: () => void;
}

/** What came of a file that was taken in, and what did not: with what is to be done about that. */
export function Taken({ result, isSecret, onClose }: Props) {
  const words = useWords();
  const said = (id: string, count: number) => (count > 0 ? [words.say(id, { count })] : []);
  const came = [
    words.say('import-done-added', { count: result.added }),
    ...said('import-done-known', result.known),
    ...said('import-done-accounts', result.accounts),
    ...said('import-done-accounts-known', result.accountsKnown),
    ...said('import-done-needs', result.needsSignIn),
  ];
  const stays = [...said('import-done-left-out', result.accountsLeftOut), ...said('import-done-damaged', result.accountsDamaged)];
  const next = [...(result.added + result.accounts > 0 ? [words.say('import-done-next')] : []), ...(isSecret ? [words.say('import-done-delete')] : [])];
  return (
    <Sheet title={words.say('import-done')} isOpen onClose={onClose}>
      <div role="status">
        <p>{came.join(' ')}</p>
        {stays.map((sentence) => <p key={sentence} className="deed-warning">{sentence}</p>)}
        {next.length > 0 ? <p>{next.join(' ')}</p> : null}
      </div>
      <div className="sheet-actions"><Button autoFocus look="primary" onPress={onClose}>{words.say('import-done-seen')}</Button></div>
    </Sheet>
  );
}
