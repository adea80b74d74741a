// What every peer written for Node shares: a free port, a line that says it is ready, and an end
// that comes with its parent's, so that no orphan stays.
import { createServer } from 'node:net';

/** Returns the port asked for, or a free one when that is 0 or absent. */
export async function portFrom(argument) {
  const asked = Number(argument ?? 0);
  return asked === 0 ? await freePort() : asked;
}

/** Returns where this peer is known to be: what stands in front of it, or its own place. */
export function knownAs(argument, own) {
  return argument ?? own;
}

/** Returns a port of the loopback address that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until something answers at this URL, whatever it says. */
export async function answering(url) {
  for (;;) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Says where this peer is, as one line of JSON. */
export function ready(addresses) {
  process.stdout.write(`${JSON.stringify(addresses)}\n`);
}

/** Ends this process when its standard input does. */
export function endWithParent() {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.resume();
}
