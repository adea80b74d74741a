/** An address that was typed without its beginning, made whole. Pure. */

const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?([/?]|$)/i;
const HOST_AND_PATH = /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)+\.?(:\d+)?([/?]\S*)?$/u;

/** `null` unless nothing but the scheme is missing. This machine is asked without encryption, all others with it. */
export function wholeAddress(typed: string): string | null {
  const bare = typed.trim().replace(/^\/\//, '');
  if (/\s/.test(bare)) return null;
  if (THIS_MACHINE.test(bare)) return `http://${bare}`;
  return HOST_AND_PATH.test(bare) ? `https://${bare}` : null;
}
