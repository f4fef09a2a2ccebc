// @ts-check
// Bundles the extension into client-ts/dist/extension.js, or its tests into build/client-test with --tests.
// It does not check types: `npm run lint` and the tests do.
import { build } from 'esbuild';

const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');

await build({
    ...(tests
        ? {
              entryPoints: ['client-ts/test/*.test.ts'],
              outdir: 'build/client-test',
              format: 'cjs',
              outExtension: { '.js': '.cjs' },
          }
        : {
              entryPoints: ['client-ts/src/extension.ts'],
              outfile: 'client-ts/dist/extension.js',
              format: 'cjs',
          }),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    minify: production,
    sourcemap: !production,
    logLevel: 'warning',
});
