/** What files of exports hold, and what taking one in comes to. */
import type { ExportView } from '../contract/ExportView';
import type { ExportContentsView } from '../contract/ExportContentsView';
import type { ImportView } from '../contract/ImportView';
import { seven, NOW } from './servers';

export const exported: ExportView = { path: '/home/ada/.local/share/usher/exports/usher-2026-11-29.usher', servers: 7, accounts: 4, staying: 0 };

/** One after which some accounts stay. */
export const exportedInPart: ExportView = { ...exported, staying: 2 };

export const found: ExportContentsView = { madeAt: NOW - 3_600, servers: seven.map((one, at) => ({ name: one.name, url: one.url, accounts: one.accounts.length, secret: one.headers.length > 0, known: at === 1 || at === 4 })) };

export const foundMany: ExportContentsView = {
  madeAt: NOW - 90_000,
  servers: Array.from({ length: 50 }, (_, at) => ({ name: at === 0 ? 'The very long name of a server that somebody in a large company gave it one afternoon' : `Pay\u202epal ${String(at)}`, url: `https://mcp${String(at)}.a-very-long-subdomain.of-a-large-company.example/with/a/path/that/goes/on/mcp`, accounts: at % 4, secret: at % 5 === 1, known: at % 3 === 0 })),
};

export const imported: ImportView = { added: 5, known: 2, accounts: 3, accountsKnown: 0, accountsLeftOut: 0, accountsDamaged: 0, needsSignIn: 1 };

/** One of which not everything came. */
export const importedInPart: ImportView = { added: 0, known: 7, accounts: 1, accountsKnown: 1, accountsLeftOut: 2, accountsDamaged: 1, needsSignIn: 0 };
