/** The core inside the desktop app. The only file that imports `@tauri-apps`. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type { Event } from '../../contract/Event';
import type { Host } from './host';

export const tauriHost: Host = {
  call: (name, argument) => invoke('call', { name, argument }),
  listen: (heard) => listen<Event>('usher://event', (event) => { heard(event.payload); }),
};
