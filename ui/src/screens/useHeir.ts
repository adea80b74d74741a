import { useEffect, useRef, type RefObject } from 'react';

/** When the server that was chosen is gone from the list, the row in its place gets the focus: the next one, or else the last. */
export function useHeir(list: RefObject<HTMLElement | null>, ids: readonly string[], chosen: string | null): void {
  const before = useRef({ ids, chosen });
  useEffect(() => {
    const { ids: then, chosen: gone } = before.current;
    before.current = { ids, chosen };
    if (gone === null || chosen !== null || ids.includes(gone)) return;
    const heir = ids[Math.min(then.indexOf(gone), ids.length - 1)];
    list.current?.querySelector<HTMLElement>(`[role="option"][data-key="${heir ?? ''}"]`)?.focus();
  });
}
