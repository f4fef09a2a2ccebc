// @ts-check
// usage: node .ci/package.mjs [TARGET... | all | universal]        (`npm run package -- TARGET...`)
// Makes build/azureml-experiments-TARGET.vsix for each: the bundled client, the program for that system, the
// sample, and the notices of what they are made of. Without an argument for this machine; `all` is every system, and
// `universal` the package without it. What is in a package stays unpacked in build/vsix/TARGET.

import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { notices } from './notices.mjs';
import { buildPortable } from './portable.mjs';
import { hostTarget, targets } from './targets.mjs';
import { elapsed, Failure, root, run, say, script } from './tools.mjs';

const universal = 'universal';

await script(async () => {
    const names = choose(process.argv.slice(2));
    await run('node', ['client-ts/esbuild.mjs', '--production']);
    const sizes = [];
    for (const name of names) {
        const started = Date.now();
        const vsix = await makePackage(name);
        const size = (statSync(vsix).size / 1e6).toFixed(1);
        sizes.push(`${basename(vsix)}: ${size} MB, made in ${elapsed(started)}`);
    }
    for (const line of sizes) say(line);
});

/** @param {readonly string[]} names @returns {readonly string[]} */
function choose(names) {
    const all = targets.map(({ name }) => name);
    const known = [...all, universal].join(', ');
    if (names.length === 0) {
        const host = hostTarget();
        if (host === undefined)
            throw new Failure(`There is no package for this machine; name one of: ${known}.`);
        return [host.name];
    }
    const unknown = names.find((name) => name !== 'all' && name !== universal && !all.includes(name));
    if (unknown !== undefined)
        throw new Failure(`There is no package for '${unknown}'; there are: all, ${known}.`);
    return [...new Set(names.flatMap((name) => (name === 'all' ? all : [name])))];
}

/** @param {string} name of the target @returns {Promise<string>} the package's path */
async function makePackage(name) {
    const target = targets.find((one) => one.name === name);
    const stage = join(root, 'build/vsix', name);
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(join(stage, 'bin'), { recursive: true });
    const copy = (/** @type {string} */ path, to = path) =>
        cpSync(join(root, path), join(stage, to), { recursive: true });
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json', 'README.md', 'CHANGELOG.md', 'LICENSE'])
        copy(file);
    for (const path of ['dist/extension.js', 'dist/webview', 'media', 'l10n']) copy(`client-ts/${path}`);
    copy('tests/fixtures/mnist-starter', 'sample');
    // The client tells by it whether the program is for the system it runs on.
    const manifest = { ...JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')), target: name };
    writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, undefined, 2));
    writeFileSync(join(stage, 'ThirdPartyNotices.txt'), await notices(target));
    if (target !== undefined) {
        const built = await buildPortable(target);
        cpSync(join(built, `aml${target.exe}`), join(stage, 'bin', `aml${target.exe}`));
    }
    const vsix = join(root, 'build', `azureml-experiments-${name}.vsix`);
    const only = target === undefined ? [] : ['--target', name];
    const options = [
        '--no-dependencies',
        '--allow-missing-repository',
        '--skip-license',
        '--no-rewrite-relative-links',
    ];
    await run(join(root, 'node_modules/.bin/vsce'), ['package', ...only, ...options, '--out', vsix], {
        cwd: stage,
    });
    return vsix;
}
