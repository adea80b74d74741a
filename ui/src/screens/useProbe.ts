import { useEffect, useState } from 'react';

import type { AppError } from '../../contract/AppError';
import type { ProbeView } from '../../contract/ProbeView';
import { appError } from '../host/host';
import { useCore } from '../state/hooks';

const PAUSE_MS = 350;

export type Looking =
  | { readonly kind: 'idle' }
  | { readonly kind: 'looking'; readonly url: string }
  | { readonly kind: 'found'; readonly url: string; readonly probe: ProbeView }
  | { readonly kind: 'refused'; readonly url: string; readonly error: AppError };

/** Asks what is at an address once the typing pauses. An answer about an earlier address is dropped. */
export function useProbe(typed: string): Looking {
  const { host } = useCore();
  const url = typed.trim();
  const [last, setLast] = useState<Looking>({ kind: 'idle' });
  useEffect(() => {
    if (!url) return undefined;
    let wanted = true;
    const tell = (looking: Looking) => { if (wanted) setLast(looking); };
    const timer = setTimeout(() => {
      tell({ kind: 'looking', url });
      host.call('probe', { url }).then(
        (probe) => { tell({ kind: 'found', url, probe }); },
        (thrown: unknown) => { tell({ kind: 'refused', url, error: appError(thrown) }); },
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [host, url]);
  return last.kind !== 'idle' && last.url === url ? last : { kind: 'idle' };
}
