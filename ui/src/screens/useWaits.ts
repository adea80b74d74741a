import { useSyncExternalStore } from 'react';

import { waitsInAddress } from './place';

const watch = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => { window.removeEventListener('hashchange', changed); };
};

/** Tells whether the core cannot begin yet because an app before it is still ending. */
export const useWaits = (): boolean => useSyncExternalStore(watch, () => waitsInAddress(location.hash));
