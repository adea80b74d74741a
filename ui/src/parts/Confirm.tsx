import type { ReactNode } from 'react';

import { Button } from './Button';
import { Sheet } from './Sheet';

interface Props {
  readonly title: string;
  readonly body: string;
  readonly yes: string;
  readonly no: string;
  readonly isOpen: boolean;
  readonly busy?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly children?: ReactNode;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, body, yes, no, isOpen, busy = false, onYes, onNo, children }: Props) {
  return (
    <Sheet title={title} isOpen={isOpen} onClose={onNo} alert>
      <p>{body}</p>
      {children}
      <div className="sheet-actions">
        <Button autoFocus onPress={onNo}>{no}</Button>
        <Button look="danger" isDisabled={busy} onPress={onYes}>{yes}</Button>
      </div>
    </Sheet>
  );
}
