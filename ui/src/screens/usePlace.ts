import { useEffect, useState } from 'react';

import { NOWHERE, placeInAddress, type Place } from './place';

/** Keeps where the person is; the tray can send them elsewhere. */
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
  return [place, setPlace];
}
