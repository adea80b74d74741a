/** A core for tests that answers what the test says, and the window's surroundings. */
import { LocalizationProvider } from '@fluent/react';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';

import type { Answer, Argument, CallName, Host } from '../host/host';
import { CoreContext } from '../state/hooks';
import { Store } from '../state/store';
import { localization } from '../words/words';

export interface Asked {
  readonly name: CallName;
  readonly argument: unknown;
  readonly answer: (value: unknown) => void;
  readonly refuse: (error: unknown) => void;
}

/** Every call waits until the test answers it. */
export function handHost(): { host: Host; asked: Asked[] } {
  const asked: Asked[] = [];
  const call = <K extends CallName>(name: K, argument: Argument<K>) =>
    new Promise<Answer<K>>((resolve, refuse) => { asked.push({ name, argument, answer: (value) => { resolve(value as Answer<K>); }, refuse }); });
  return { host: { call, listen: () => Promise.resolve(() => undefined) }, asked };
}

export function draw(host: Host, children: ReactNode, store = new Store(host)) {
  return render(
    <LocalizationProvider l10n={localization}>
      <CoreContext value={{ host, store }}>{children}</CoreContext>
    </LocalizationProvider>,
  );
}
