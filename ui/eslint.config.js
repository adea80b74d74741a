import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Arrows: main → screens → parts, and state → host → contract; words serve everybody. */
const rooms = {
  contract: [],
  host: ['contract'],
  words: ['contract'],
  state: ['contract', 'host'],
  parts: ['contract', 'words', 'host', 'state'],
  screens: ['contract', 'words', 'host', 'state', 'parts'],
};

const forbidden = (room) =>
  ['contract', 'host', 'words', 'state', 'parts', 'screens']
    .filter((other) => other !== room && !rooms[room].includes(other))
    .map((other) => ({ group: [`**/${other}/*`], message: `${room} must not reach into ${other}` }));

const tauri = { group: ['@tauri-apps/*'], message: 'only host/tauri.ts talks to the shell' };

export default tseslint.config(
  { ignores: ['dist', 'dist-gallery', 'contract', 'node_modules'] },
  ...tseslint.configs.strict,
  reactHooks.configs.flat['recommended-latest'],
  { rules: { 'max-lines': ['error', 300], '@typescript-eslint/no-invalid-void-type': 'off' } },
  ...Object.keys(rooms)
    .filter((room) => room !== 'contract')
    .map((room) => ({
      files: [`src/${room}/**/*.{ts,tsx}`],
      ignores: ['src/host/tauri.ts', '**/*.test.*'],
      rules: { 'no-restricted-imports': ['error', { patterns: [tauri, ...forbidden(room)] }] },
    })),
);
