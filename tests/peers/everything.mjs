// `server-everything`: a server without authorization that uses every part of MCP.
//
//   node everything.mjs [port [known-as]]
//                                      prints {"at", "mcp"}
import { fileURLToPath } from 'node:url';
import { answering, endWithParent, knownAs, portFrom, ready } from './parent.mjs';

const port = await portFrom(process.argv[2]);
const at = `http://127.0.0.1:${port}`;
process.env.PORT = String(port);
console.log = console.error; // The server talks on standard output, which is ours for one line.

const entry = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/package.json'));
await import(entry.replace(/package\.json$/, 'dist/transports/streamableHttp.js'));
await answering(`${at}/mcp`);
ready({ at, mcp: `${knownAs(process.argv[3], at)}/mcp` });
endWithParent();
