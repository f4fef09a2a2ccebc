// @ts-check
// usage: node .ci/package.mjs
// Makes build/azureml-experiments-linux-x64.vsix: the bundled client, the two programs stripped, and the
// shared libraries they need beyond the C library, which are found through a run path relative to the program.

import { cpSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { Failure, output, root, run, say, script } from './tools.mjs';

const stage = join(root, 'build', 'vsix');
const vsix = join(root, 'build', 'azureml-experiments-linux-x64.vsix');

// Parts of the C library: they must match the machine's own dynamic loader.
const systemLibraries = /^(ld-linux.*|libc|libm|libdl|librt|libpthread|libresolv|linux-vdso)\.so/;

await script(async () => {
    await run('node', ['client-ts/esbuild.mjs', '--production']);
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(join(stage, 'bin'), { recursive: true });
    mkdirSync(join(stage, 'lib'));
    const documents = ['README.md', 'CHANGELOG.md', 'LICENSE'];
    for (const name of ['package.json', 'package.nls.json', 'package.nls.zh-cn.json', ...documents]) copy(name);
    for (const name of ['dist/extension.js', 'media', 'l10n']) copy(`client-ts/${name}`);
    cpSync(join(root, 'tests/fixtures/mnist-starter'), join(stage, 'sample'), { recursive: true });
    const programs = ['aml', 'aml-emulator'].map((name) => join(root, 'build/release/bin', name));
    for (const program of programs) await bundle(program, join(stage, 'bin'), '$ORIGIN/../lib');
    for (const library of librariesOf(programs)) await bundle(library, join(stage, 'lib'), '$ORIGIN');
    const options = ['--target', 'linux-x64', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--no-rewrite-relative-links'];
    await run(join(root, 'node_modules/.bin/vsce'), ['package', ...options, '--out', vsix], { cwd: stage });
    say(`${basename(vsix)}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
});

/** @param {string} path */
function copy(path) {
    cpSync(join(root, path), join(stage, path), { recursive: true });
}

/** @param {string} file @param {string} folder @param {string} runPath */
async function bundle(file, folder, runPath) {
    const target = join(folder, basename(file));
    cpSync(realpathSync(file), target);
    await run('strip', ['--strip-unneeded', target]);
    // The old kind of run path also holds for the libraries that a library needs.
    await run('patchelf', ['--force-rpath', '--set-rpath', runPath, target]);
}

/** @param {readonly string[]} programs @returns {Set<string>} */
function librariesOf(programs) {
    const found = new Set();
    for (const program of programs) {
        const listing = output('ldd', [program]);
        if (listing === undefined) throw new Failure(`Build first: there is no ${program}.`);
        for (const [, name = '', path] of listing.matchAll(/^\s*(\S+) => (\S+)/gm)) {
            if (!systemLibraries.test(name)) found.add(path);
        }
    }
    return found;
}
