// @ts-check
// usage: node .ci/dependencies.mjs [TARGET...]
// The compiler and the libraries that packages are built with: Zig's Clang from PyPI and sources of Debian 12, pinned in
// dependencies.json, fetched once and built once for each target into a cache outside the tree. Offline from then on.

import { createHash } from 'node:crypto';
import {
    chmodSync,
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cache, makeOnce } from './cache.mjs';
import { targetsNamed } from './targets.mjs';
import { Failure, elapsed, output, root, run, say, script } from './tools.mjs';

/**
 * @typedef Library
 * @property {string} name of its folder among the sources
 * @property {string} title as people know it
 * @property {string} [source] Debian's source package
 * @property {string} [package] Debian's binary package, where headers are all that is needed
 * @property {string} version of the package
 * @property {string} sha256 of the source package's .dsc, which has those of its files, or of the binary package
 * @property {boolean} [onlyTests] whether programs carry nothing of it
 * @property {readonly string[]} licences files with its terms
 */

const pinsFile = join(root, '.ci/dependencies.json');
/** @type {{ zig: { version: string, sha256: Record<string, string> }, libraries: readonly Library[] }} */
export const pins = JSON.parse(readFileSync(pinsFile, 'utf8'));

const cpprestPatch = join(root, 'server/dependencies/cpprest.patch');
// What else says how they are built.
const recipe = filesOf(join(root, 'server/dependencies'));

// Of OpenSSL: TLS as a client and a server, certificates, and the digests of Azure Storage.
const withoutFeatures = (
    'shared dso engine tests legacy module async cms cmp comp ct dtls srp srtp ssl3 ssl3-method ts aria bf blake2 camellia cast ' +
    'dsa gost idea md4 mdc2 multiblock nextprotoneg ocb ocsp psk rc2 rc4 rfc3779 rmd160 scrypt seed siv sm2 sm3 sm4 ui-console ' +
    'uplink whirlpool afalgeng capieng padlockeng'
).split(' ');

/**
 * What programs of a target are built with; made first if it is missing, which takes minutes.
 * @param {import('./targets.mjs').Target} target
 * @returns {Promise<{ prefix: string, compilers: string, sources: string, zig: string }>} `prefix` has the libraries and
 *     headers, `compilers` the compilers of this target, `sources` a folder for each library, `zig` Zig's own folder
 */
export async function dependenciesFor(target) {
    const zig = await zigFolder();
    const compilers = compilersOf(zig, target);
    const sources = await sourcesFolder();
    const key = digestOf([pinsFile, ...recipe, ...filesOf(join(root, 'server/cmake/toolchains'))]);
    const prefix = join(cache, 'libraries', `${target.name}-${key}`);
    await makeOnce(prefix, `the libraries for ${target.name}`, async (folder) => {
        cpSync(await opensslFor(target, { compilers, sources }), folder, { recursive: true });
        await buildTheRest(target, { folder, compilers, sources });
    });
    return { prefix, compilers, sources, zig };
}

/** CMake's variables for a target. @param {import('./targets.mjs').Target} target @param {string} compilers @param {string} prefix */
export function toolchainOptions(target, compilers, prefix) {
    return [
        '-G',
        'Ninja',
        `-DCMAKE_TOOLCHAIN_FILE=${join(root, 'server/cmake/toolchains', `${target.family}.cmake`)}`,
        `-DAML_COMPILERS=${compilers}`,
        `-DAML_PROCESSOR=${target.processor}`,
        `-DAML_PREFIX=${prefix}`,
    ];
}

/** @returns {Promise<string>} Zig's folder */
async function zigFolder() {
    const { version, sha256 } = pins.zig;
    const folder = join(cache, `zig-${version}`);
    await makeOnce(folder, `Zig ${version}`, async (made) => {
        const hash = sha256[process.arch];
        if (process.platform !== 'linux' || hash === undefined)
            throw new Failure('Packages are made on Linux, x64 or arm64.');
        const requirements = join(made, 'requirements.txt');
        writeFileSync(requirements, `ziglang==${version} --hash=sha256:${hash}\n`);
        await run('python3', ['-m', 'venv', join(made, 'venv')]);
        const pip = [
            '--disable-pip-version-check',
            '--quiet',
            'install',
            '--require-hashes',
            '--no-deps',
            '--target',
            made,
        ];
        await run(join(made, 'venv/bin/pip'), [...pip, '-r', requirements]);
        rmSync(join(made, 'venv'), { recursive: true });
    });
    return join(folder, 'ziglang');
}

/**
 * The folder with a target's `cc`, `c++`, `ar`, `ranlib` and `rc`, since CMake and OpenSSL want one word for each.
 * @param {string} zig @param {import('./targets.mjs').Target} target
 */
function compilersOf(zig, target) {
    const folder = join(cache, `compilers-${pins.zig.version}`, target.name);
    const commands = {
        cc: `cc -target ${target.triple}`,
        'c++': `c++ -target ${target.triple}`,
        ar: 'ar',
        ranlib: 'ranlib',
        rc: 'rc',
    };
    mkdirSync(folder, { recursive: true });
    for (const [name, command] of Object.entries(commands)) {
        const file = join(folder, name);
        const text = [
            '#!/bin/sh',
            `ZIG_GLOBAL_CACHE_DIR='${join(cache, 'zig-cache')}' ZIG_LOCAL_CACHE_DIR='${join(cache, 'zig-cache')}' exec '${zig}/zig' ${command} "$@"`,
            '',
        ].join('\n');
        if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
        writeFileSync(file, text);
        chmodSync(file, 0o755);
    }
    return folder;
}

/** @returns {Promise<string>} a folder with a folder of sources for each library */
async function sourcesFolder() {
    const folder = join(cache, `sources-${digestOf([pinsFile, cpprestPatch])}`);
    await makeOnce(folder, 'the sources of the libraries', async (made) => {
        const apt = await aptOptions(made);
        for (const library of pins.libraries) {
            const unpacked = join(made, library.name);
            if (library.source) {
                await apt([
                    'source',
                    '--only-source',
                    '--download-only',
                    `${library.source}=${library.version}`,
                ]);
                const description = `${library.source}_${library.version.replace(/^\d+:/, '')}.dsc`;
                check(join(made, description), library);
                // Which checks the files that the description names.
                await run('dpkg-source', ['--no-check', '--extract', description, unpacked], { cwd: made });
            } else {
                await apt(['download', `${library.package}=${library.version}`]);
                const file = readdirSync(made).find((name) => name.startsWith(`${library.package}_`)) ?? '';
                check(join(made, file), library);
                await run('dpkg-deb', ['--extract', file, unpacked], { cwd: made });
            }
        }
        await run('patch', ['--directory', join(made, 'cpprest'), '--strip=1', '--input', cpprestPatch]);
        const amalgamation = join(made, 'sqlite3/amalgamation');
        mkdirSync(amalgamation);
        await run('../configure', ['--quiet', '--disable-tcl', '--disable-readline'], { cwd: amalgamation });
        await run('make', ['--quiet', 'sqlite3.c'], { cwd: amalgamation });
    });
    return folder;
}

/** @param {string} file @param {Library} library */
function check(file, library) {
    const actual = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (actual === library.sha256) return;
    throw new Failure(
        `${library.title}: ${file} has the SHA-256 ${actual}, and ${pinsFile} pins ${library.sha256}.`,
    );
}

/**
 * apt with lists of its own: those of Debian 12's sources, from wherever this machine gets its packages.
 * @param {string} folder
 */
async function aptOptions(folder) {
    const listed = output('apt-get', [
        'indextargets',
        '--format',
        '$(REPO_URI) $(CODENAME) $(COMPONENT)',
        'Created-By: Packages',
    ]);
    const line = (listed ?? '').split('\n').find((text) => text.endsWith(' bookworm main'));
    if (line === undefined)
        throw new Failure('Packages are made on Debian 12, whose sources of libraries they are built from.');
    const lists = join(folder, 'lists');
    mkdirSync(join(lists, 'partial'), { recursive: true });
    const sources = join(folder, 'sources.list');
    writeFileSync(sources, `deb-src ${line}\ndeb ${line}\n`);
    const options = [
        `Dir::Etc::SourceList=${sources}`,
        'Dir::Etc::SourceParts=/dev/null',
        `Dir::State::Lists=${lists}`,
        'APT::Sandbox::User=root',
    ];
    /** @param {readonly string[]} command */
    const apt = (command) =>
        run('apt-get', ['--quiet', ...options.flatMap((option) => ['-o', option]), ...command], {
            cwd: folder,
        });
    await apt(['update']);
    return apt;
}

/**
 * OpenSSL has a build of its own, and a folder of its own, since it takes longest and changes least.
 * @param {import('./targets.mjs').Target} target @param {{ compilers: string, sources: string }} places
 * @returns {Promise<string>} the folder that it is installed in
 */
async function opensslFor(target, { compilers, sources }) {
    const options = [
        target.openssl,
        ...withoutFeatures.map((name) => `no-${name}`),
        '-Os',
        '-g0',
        '-fno-sanitize=undefined',
        // Zig has none of the headers of CommonCrypto, by which it would ask macOS for random numbers.
        ...(target.family === 'macos' ? ['-DOPENSSL_NO_APPLE_CRYPTO_RANDOM'] : []),
        // Its configuration for Windows with Clang is of another processor in nothing but the assembly.
        ...(target.name === 'win32-arm64' ? ['no-asm'] : []),
    ];
    const pinned = pins.libraries.find(({ name }) => name === 'openssl');
    const key = createHash('sha256')
        .update(JSON.stringify([pins.zig.version, pinned, target.triple, options]))
        .digest('hex');
    const installed = join(cache, 'openssl', `${target.name}-${key.slice(0, 16)}`);
    await makeOnce(installed, `OpenSSL for ${target.name}`, async (folder) => {
        const build = join(folder, 'build');
        mkdirSync(build);
        const tools = { CC: 'cc', AR: 'ar', RANLIB: 'ranlib', RC: 'rc' };
        const env = Object.fromEntries(
            Object.entries(tools).map(([name, tool]) => [name, join(compilers, tool)]),
        );
        const places = [`--prefix=${folder}`, '--libdir=lib', '--openssldir=/etc/ssl'];
        await run('perl', [join(sources, 'openssl/Configure'), ...options, ...places], { cwd: build, env });
        await run('make', ['--quiet', `-j${availableParallelism()}`, 'build_libs'], { cwd: build, env });
        await run('make', ['--quiet', 'install_dev'], { cwd: build, env });
        rmSync(build, { recursive: true });
    });
    return installed;
}

/** @param {import('./targets.mjs').Target} target @param {{ folder: string, compilers: string, sources: string }} places `folder`: where to install */
async function buildTheRest(target, { folder, compilers, sources }) {
    const build = join(folder, 'build');
    const options = [
        `-DAML_SOURCES=${sources}`,
        `-DCMAKE_INSTALL_PREFIX=${folder}`,
    ];
    await run('cmake', [
        '-S',
        join(root, 'server/dependencies'),
        '-B',
        build,
        ...toolchainOptions(target, compilers, folder),
        ...options,
    ]);
    await run('cmake', ['--build', build]);
    await run('cmake', ['--install', build]);
    rmSync(build, { recursive: true });
}

/** @param {string} folder @returns {string[]} */
function filesOf(folder) {
    return readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) =>
            entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)],
        )
        .sort();
}

/** @param {readonly string[]} files */
function digestOf(files) {
    const hash = createHash('sha256');
    for (const file of files) hash.update(readFileSync(file));
    return hash.digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await script(async () => {
        for (const target of targetsNamed(process.argv.slice(2))) say((await dependenciesFor(target)).prefix);
    });
}
