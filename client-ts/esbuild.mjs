// @ts-check
// Bundles the extension into client-ts/dist/extension.js and its pages into client-ts/dist/webview. With --tests it
// bundles the tests of both into build/client-test, and the pages as they are packaged into build/webview.
// What the bundles consist of, for the notices of the package, is written to build/bundle.json with --production.
// It does not check types: `npm run lint` and the tests do.
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');

/** @type {import('esbuild').BuildOptions & { metafile: true }} */
const common = { bundle: true, loader: { '.svg': 'text' }, metafile: true, logLevel: 'warning' };

const extension = await build({
    ...common,
    ...(tests
        ? {
              entryPoints: ['client-ts/test/*.test.ts', 'client-ts/src/model/pageHtml.ts'],
              outdir: 'build/client-test',
              entryNames: '[name]',
              outExtension: { '.js': '.cjs' },
          }
        : {
              entryPoints: ['client-ts/src/extension.ts'],
              outfile: 'client-ts/dist/extension.js',
          }),
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    minify: production,
    sourcemap: !production,
});
const pages = await build({
    ...common,
    entryPoints: { run: 'client-ts/webview/run/page.ts', runs: 'client-ts/webview/runs/page.ts' },
    outdir: tests ? 'build/webview' : 'client-ts/dist/webview',
    format: 'iife',
    platform: 'browser',
    target: 'chrome128',
    minify: production || tests,
    sourcemap: !production && !tests && 'inline',
});
if (production) {
    const inputs = { ...extension.metafile.inputs, ...pages.metafile.inputs };
    const outputs = { ...extension.metafile.outputs, ...pages.metafile.outputs };
    mkdirSync('build', { recursive: true });
    writeFileSync('build/bundle.json', JSON.stringify({ inputs, outputs }));
}
