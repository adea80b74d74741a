/** Draws the window over a core. */
import './../style/tokens.css';
import './../style/base.css';
import './../style/parts.css';
import './../style/window.css';
import './../style/tools.css';
import { LocalizationProvider } from '@fluent/react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';

import type { Host } from '../host/host';
import { CoreContext } from '../state/hooks';
import { Store } from '../state/store';
import { localization } from '../words/words';
import { Window } from './Window';

export function openWindow(root: HTMLElement, host: Host): void {
  const store = new Store(host);
  void store.start();
  createRoot(root).render(
    <LocalizationProvider l10n={localization}>
      <I18nProvider locale="en">
        <CoreContext value={{ host, store }}>
          <Window />
        </CoreContext>
      </I18nProvider>
    </LocalizationProvider>,
  );
}
