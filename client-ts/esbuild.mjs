// @ts-check
// Bundles the extension into client-ts/dist/extension.js, or its tests into build/client-test with --tests.
// What the bundle consists of, for the notices of the package, is written to build/bundle.json with --production.
// It does not check types: `npm run lint` and the tests do.
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');

const { metafile } = await build({
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
    metafile: true,
    logLevel: 'warning',
});
if (production) {
    mkdirSync('build', { recursive: true });
    writeFileSync('build/bundle.json', JSON.stringify(metafile));
}
