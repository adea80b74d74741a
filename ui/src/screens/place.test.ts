import { expect, test } from 'vitest';

import { NOWHERE, placeInAddress, serverPlace, waitsInAddress, withTool } from './place';

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

test('who comes back to a server finds the tool that was chosen there, and whoever leaves it is not sent back', () => {
  const chosen = { a: 'echo' };
  expect(withTool({ kind: 'settings' }, serverPlace('a'), chosen)).toEqual(serverPlace('a', 'tools', 'echo'));
  expect(withTool(serverPlace('b'), serverPlace('a', 'tools', 'other'), chosen)).toEqual(serverPlace('a', 'tools', 'other'));
  expect(withTool(serverPlace('a', 'tools', 'echo'), serverPlace('a'), chosen)).toEqual(serverPlace('a'));
  expect(withTool(NOWHERE, serverPlace('b'), chosen)).toEqual(serverPlace('b'));
});
