import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface Props {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly alert?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the window. */
export function Sheet({ title, isOpen, onClose, alert = false, children }: Props) {
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={(open) => { if (!open) onClose(); }} isDismissable={!alert}>
      <Modal className={alert ? 'sheet sheet-small' : 'sheet'}>
        <Dialog role={alert ? 'alertdialog' : 'dialog'} className="sheet-body">
          <Heading slot="title" className="sheet-title">{title}</Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
