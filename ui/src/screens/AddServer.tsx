import { Sheet } from '../parts/Sheet';
import { useWords } from '../words/words';
import { AddForm } from './AddForm';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onAdded: (id: string) => void;
}

/** The dialog that adds a server. Its form is new each time it opens. */
export function AddServer({ isOpen, onClose, onAdded }: Props) {
  const words = useWords();
  return (
    <Sheet title={words.say('add-title')} isOpen={isOpen} onClose={onClose}>
      <AddForm onClose={onClose} onAdded={onAdded} />
    </Sheet>
  );
}
