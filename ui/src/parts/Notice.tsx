import type { ReactNode } from 'react';

import { Dot } from './Dot';

interface Props {
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly label?: string;
}

const MARKS = { plain: 'off', good: 'ok', warn: 'warn', bad: 'bad' } as const;

/** What happened, what to do now, and the buttons for it. */
export function Notice({ tone, title, children, actions, label }: Props) {
  return (
    <section className={`notice notice-${tone}`} aria-label={label ?? title}>
      <Dot mark={MARKS[tone]} />
      <div className="notice-words">
        <p className="notice-title">{title}</p>
        {children}
      </div>
      {actions ? <div className="notice-actions">{actions}</div> : null}
    </section>
  );
}
