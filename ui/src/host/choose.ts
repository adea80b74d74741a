/** The one place where the window decides what it talks to. */
import type { Host } from './host';

export async function chooseHost(): Promise<Host> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauriHost;
  return (await import('./http')).httpHost;
}
