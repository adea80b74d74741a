import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';

import type { AppError } from '../../../contract/AppError';
import { Button } from '../../parts/Button';
import { ErrorNotice } from '../../parts/ErrorNotice';
import { Sheet } from '../../parts/Sheet';
import { useWords } from '../../words/words';

interface Props {
  readonly title: string;
  readonly says: string;
  /** The button that does it. */
  readonly send: string;
  readonly isReady: boolean;
  readonly busy: boolean;
  /** How the last attempt failed, unless its field says so. */
  readonly error: AppError | null;
  readonly onSend: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** A dialog that says what a deed means, takes what it needs, and does it. */
export function DeedSheet({ title, says, send, isReady, busy, error, onSend, onClose, children }: Props) {
  const words = useWords();
  return (
    <Sheet title={title} isOpen onClose={onClose}>
      <Form onSubmit={(event) => { event.preventDefault(); if (isReady && !busy) onSend(); }}>
        <p className="deed-says">{says}</p>
        {children}
        {error ? <ErrorNotice error={error} /> : null}
        <div className="sheet-actions">
          <Button look="quiet" onPress={onClose}>{words.say('settings-cancel')}</Button>
          <Button type="submit" look="primary" isDisabled={!isReady || busy}>{send}</Button>
        </div>
      </Form>
    </Sheet>
  );
}
