import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly children?: ReactNode;
}

/** One thing that can be set or done: what it is, what it means, and its control. */
export function SettingRow({ title, hint, children }: Props) {
  return (
    <div className="setting">
      <div className="setting-words">
        <h3>{title}</h3>
        <p className="hint">{hint}</p>
      </div>
      {children ? <div className="setting-deed">{children}</div> : null}
    </div>
  );
}
