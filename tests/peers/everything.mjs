// `server-everything`: a server without authorization that uses every part of MCP.
//
//   node everything.mjs [port]         prints {"mcp"}
import { fileURLToPath } from 'node:url';
import { answering, endWithParent, portFrom, ready } from './parent.mjs';

const port = await portFrom(process.argv[2]);
const mcp = `http://127.0.0.1:${port}/mcp`;
process.env.PORT = String(port);
console.log = console.error; // The server talks on standard output, which is ours for one line.

const entry = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/package.json'));
await import(entry.replace(/package\.json$/, 'dist/transports/streamableHttp.js'));
await answering(mcp);
ready({ mcp });
endWithParent();
