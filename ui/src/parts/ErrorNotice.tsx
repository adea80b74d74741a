import type { ReactNode } from 'react';

import type { AppError } from '../../contract/AppError';
import { happened, nextStep } from '../words/errors';
import { useWords } from '../words/words';
import { Notice } from './Notice';

interface Props {
  readonly error: AppError;
  readonly host?: string;
  readonly actions?: ReactNode;
}

export function ErrorNotice({ error, host, actions }: Props) {
  const words = useWords();
  return (
    <div role="alert">
      <Notice tone="bad" title={happened(words, error, host)} actions={actions}>
        <p>{nextStep(words, error, host)}</p>
      </Notice>
    </div>
  );
}
