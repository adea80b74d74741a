import { useEffect, useRef, useState } from 'react';

import { NOWHERE, placeInAddress, withTool, type Place } from './place';

/** Keeps where the person is, and which tool they had chosen at each server; the tray can send them elsewhere. */
export function usePlace(): [Place, (place: Place) => void] {
  const [place, setPlace] = useState<Place>(() => placeInAddress(location.hash) ?? NOWHERE);
  useEffect(() => {
    const follow = () => {
      const sent = placeInAddress(location.hash);
      if (sent) setPlace(sent);
      // Taken: the same address once more has to be heard as well.
      if (location.hash) history.replaceState(null, '', location.pathname);
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => { window.removeEventListener('hashchange', follow); };
  }, []);
  const tools = useRef<Readonly<Record<string, string | null>>>({});
  const go = (next: Place) => {
    if (place.kind === 'server') tools.current = { ...tools.current, [place.id]: place.tool };
    setPlace(withTool(place, next, tools.current));
  };
  return [place, go];
}
