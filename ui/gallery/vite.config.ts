import { defineConfig } from 'vite';

/** The window with scripted worlds in place of the core; never part of what is shipped. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic' } },
  build: { outDir: '../dist-gallery', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1500, rolldownOptions: { checks: { moduleLevelDirective: false } } },
});
