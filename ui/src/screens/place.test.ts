import { expect, test } from 'vitest';

import { placeInAddress, serverPlace, waitsInAddress } from './place';

test('the tray sends the person to one server', () => {
  const id = '0123456789abcdef0123456789abcdef';
  expect(placeInAddress(`#server=${id}`)).toEqual(serverPlace(id));
});

test('the desktop waits for one that is ending', () => {
  expect(waitsInAddress('#waiting')).toBe(true);
  expect(placeInAddress('#waiting')).toBeNull();
  expect(waitsInAddress('')).toBe(false);
});

test('nothing else in the address leads anywhere', () => {
  for (const hash of ['', '#', '#server=', '#server=1', '#settings', '#server=0123456789abcdef0123456789abcdef&more']) {
    expect(placeInAddress(hash)).toBeNull();
  }
});
