// The TypeScript SDK's own demo: an MCP server behind its in-memory authorization server, which
// consents at once and knows no refresh tokens.
//
//   node ts-sdk-demo.mjs [port]        prints {"issuer", "mcp"}
import { answering, endWithParent, freePort, portFrom, ready } from './parent.mjs';

const port = await portFrom(process.argv[2]);
const issuerPort = await freePort();
const mcp = `http://localhost:${port}/mcp`;
process.env.MCP_PORT = String(port);
process.env.MCP_AUTH_PORT = String(issuerPort);
process.argv.push('--oauth', '--oauth-strict');
console.log = console.error; // The demo talks on standard output, which is ours for one line.

await import('@modelcontextprotocol/sdk/examples/server/simpleStreamableHttp.js');
await answering(mcp);
ready({ issuer: `http://localhost:${issuerPort}/`, mcp });
endWithParent();
