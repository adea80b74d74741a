/** Says whether a host, with or without its port, is this computer: what does not answer there does not run. */
export function isHere(host: string): boolean {
  return /^(?:(?:[^/]+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host);
}
