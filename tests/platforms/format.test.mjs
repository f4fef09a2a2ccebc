// @ts-check
// Packages from the outside: that they hold what they must, and that their programs have the form that their system
// starts, needing nothing that it lacks. The bytes say it, so each is looked at on any machine.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { bundledFolders, runtimeParts } from '../../.ci/notices.mjs';
import { root } from '../support/processes.mjs';
import { readZip } from '../support/zip.mjs';
import { readElf } from './elf.mjs';
import { readMachO } from './macho.mjs';
import { madePackages } from './packages.mjs';
import { readPe } from './pe.mjs';

/** @typedef {import('../../.ci/targets.mjs').Target} Target */

const programs = ['aml'];
const megabyte = 1_000_000;

// Parts of the C library, which must be the machine's own.
const systemOfLinux = /^(ld-linux-\S+|lib(c|m|dl|rt|pthread|resolv))\.so\.\d+$/;
const systemOfMac = /^(\/usr\/lib\/libSystem\.B\.dylib|\/System\/Library\/Frameworks\/.*)$/;
const systemOfWindows = new RegExp(
    '^(api-ms-win-[\\w-]+|advapi32|bcrypt|crypt32|iphlpapi|kernel32|mswsock|ncrypt|ntdll|ole32|rpcrt4|' +
        'secur32|shell32|shlwapi|user32|winhttp|ws2_32)\\.dll$',
);

/** The version of glibc that VS Code itself needs. */
const oldestGlibc = '2.28';

const packages = madePackages();

test('there are packages to look at', () => {
    assert.notEqual(packages.length, 0, 'npm run package -- all makes them');
});

for (const { name, vsix, target } of packages) {
    const files = readZip(vsix);
    const program = (/** @type {string} */ one) => `extension/bin/${one}${target?.exe ?? ''}`;

    test(`${name}: the package is small and holds what it needs`, () => {
        assert.ok(statSync(vsix).size < 8 * megabyte, `${(statSync(vsix).size / megabyte).toFixed(1)} MB`);
        const manifest = JSON.parse(files.get('extension/package.json')?.bytes().toString() ?? '');
        assert.equal(manifest.target, name);
        const inBin = [...files.keys()].filter((file) => file.startsWith('extension/bin/')).sort();
        assert.deepEqual(inBin, target === undefined ? [] : programs.map(program).sort());
        for (const file of inBin)
            assert.equal((files.get(file)?.mode ?? 0) & 0o111, 0o111, `${file} cannot be started`);
    });

    test(`${name}: the notices leave out none of its parts`, () => {
        const text = files.get('extension/ThirdPartyNotices.txt')?.bytes().toString() ?? '';
        const headings = [...text.matchAll(/^={80}\n(.*)\n={80}\n\n([^]*?)(?=^={80}$|$(?![^]))/gm)];
        const short = headings
            .filter(([, , licences = '']) => licences.trim().length < 200)
            .map(([, part]) => part);
        assert.deepEqual(short, []);
        const named = headings.map(([, part = '']) => part).sort();
        assert.deepEqual(named, [...nativeParts(target), ...bundledParts()].sort());
    });

    if (target === undefined) continue;
    const check = { linux: checkLinux, macos: checkMac, windows: checkWindows }[target.family];
    for (const one of programs) {
        test(`${name}: ${one} starts on the system as it is`, () => {
            const bytes = files.get(program(one))?.bytes();
            assert.ok(bytes);
            check(bytes, target);
        });
    }
}

/** @param {Target | undefined} target @returns {string[]} */
function nativeParts(target) {
    if (target === undefined) return [];
    const { zig, libraries } = JSON.parse(readFileSync(join(root, '.ci/dependencies.json'), 'utf8'));
    const linked = libraries.filter((/** @type {any} */ { onlyTests }) => !onlyTests);
    return [
        ...linked.map((/** @type {any} */ { title, version }) => `${title} ${version}`),
        ...runtimeParts(target).map(([part]) => `${part} of Zig ${zig.version}`),
    ];
}

/** @returns {string[]} */
function bundledParts() {
    assert.ok(existsSync(join(root, 'build/bundle.json')), 'the list that the bundler writes is not there');
    return bundledFolders().map((folder) => {
        const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
        return `${name} ${version}`;
    });
}

/** @param {Buffer} bytes @param {Target} target */
function checkLinux(bytes, { name, triple }) {
    const [, machine] = name.split('-');
    const program = readElf(bytes);
    assert.equal(program.machine, machine);
    assert.deepEqual(program.searchPath, []);
    assert.deepEqual(
        program.sections.filter((section) => /^\.(symtab|debug)/.test(section)),
        [],
        'it is not stripped',
    );
    if (triple.endsWith('musl')) {
        assert.equal(program.interpreter, undefined);
        assert.deepEqual(program.needed, []);
        return;
    }
    const loader = machine === 'x64' ? '/lib64/ld-linux-x86-64.so.2' : '/lib/ld-linux-aarch64.so.1';
    assert.equal(program.interpreter, loader);
    assert.deepEqual(
        program.needed.filter((library) => !systemOfLinux.test(library)),
        [],
    );
    const newer = program.versions.filter(
        (version) => compareVersions(version.replace(/^GLIBC_/, ''), oldestGlibc) > 0,
    );
    assert.deepEqual(newer, [], `newer than glibc ${oldestGlibc}`);
    assert.notEqual(program.versions.length, 0);
}

/** @param {Buffer} bytes @param {Target} target */
function checkMac(bytes, { name }) {
    const program = readMachO(bytes);
    assert.equal(program.machine, name.split('-')[1]);
    assert.equal(program.oldestSystem, '11.0');
    assert.ok(program.libraries.includes('/usr/lib/libSystem.B.dylib'));
    assert.deepEqual(
        program.libraries.filter((library) => !systemOfMac.test(library)),
        [],
    );
    assert.deepEqual(program.runPaths, []);
    // Macs with Intel's processors also run what nobody has signed.
    if (program.signature || program.machine === 'arm64') {
        assert.deepEqual(program.signature, { isAdHoc: true, holds: true });
    }
}

/** @param {Buffer} bytes @param {Target} target */
function checkWindows(bytes, { name }) {
    const program = readPe(bytes);
    assert.equal(program.machine, name.split('-')[1]);
    assert.equal(program.subsystem, 'console');
    assert.ok(program.libraries.includes('kernel32.dll'));
    assert.deepEqual(
        program.libraries.filter((library) => !systemOfWindows.test(library)),
        [],
    );
    assert.equal(program.symbols, 0, 'it is not stripped');
    assert.match(program.manifest ?? 'no manifest', /activeCodePage[^>]*>UTF-8</);
    assert.match(program.manifest ?? '', /longPathAware[^>]*>true</);
}

/** @param {string} left @param {string} right */
function compareVersions(left, right) {
    return left.localeCompare(right, 'en', { numeric: true });
}
