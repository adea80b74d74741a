// The TypeScript SDK's own demo: an MCP server behind its in-memory authorization server, which
// consents at once and knows no refresh tokens.
//
//   node ts-sdk-demo.mjs [port [known-as issuer-known-as]]
//                                      prints {"at", "issuerAt", "issuer", "mcp"}
import { Server } from 'node:net';
import { answering, endWithParent, freePort, knownAs, portFrom, ready } from './parent.mjs';

const port = await portFrom(process.argv[2]);
const issuerPort = await freePort();
const [at, issuerAt] = [`http://localhost:${port}`, `http://localhost:${issuerPort}`];
const [known, issuerKnown] = [knownAs(process.argv[3], at), knownAs(process.argv[4], issuerAt)];
process.argv.push('--oauth', '--oauth-strict');
process.env.MCP_PORT = new URL(known).port;
process.env.MCP_AUTH_PORT = new URL(issuerKnown).port;

// The demo listens where it is known to be. Where something stands in front of it, that place is taken.
const ports = { [process.env.MCP_PORT]: port, [process.env.MCP_AUTH_PORT]: issuerPort };
const { listen } = Server.prototype;
Server.prototype.listen = function (asked, ...rest) {
  return listen.call(this, ports[asked] ?? asked, ...rest);
};
console.log = console.error; // The demo talks on standard output, which is ours for one line.

await import('@modelcontextprotocol/sdk/examples/server/simpleStreamableHttp.js');
await answering(`${at}/mcp`);
await answering(issuerAt);
ready({ at, issuerAt, issuer: `${issuerKnown}/`, mcp: `${known}/mcp` });
endWithParent();
