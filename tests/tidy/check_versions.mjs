// @ts-check
// Things that are written down twice agree.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { read, root } from './sources.mjs';

const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));

test('CMake, package.json and its lock name one version', () => {
    const [, version] = read('CMakeLists.txt').match(/project\([^)]*VERSION (\S+)/) ?? [];
    assert.equal(manifest.version, version);
    assert.equal(lock.version, version);
});

test('the changelog knows the version or has unreleased changes', () => {
    const [, heading] = read('CHANGELOG.md').match(/^## \[([^\]]+)\]/m) ?? [];
    assert.ok(heading === 'Unreleased' || heading === manifest.version, `it begins with ${heading}`);
});

test('the lock file names no registry', () => {
    const resolved = Object.entries(lock.packages)
        .filter(([, entry]) => entry.resolved !== undefined && !entry.link)
        .map(([name]) => name);
    assert.deepEqual(resolved, [], 'run npm install with the .npmrc of the project');
});

test('npm scripts name files that exist', () => {
    for (const [name, command] of Object.entries(manifest.scripts)) {
        for (const [file] of String(command).matchAll(/[\w./-]+\.mjs/g)) {
            assert.doesNotThrow(() => read(file), `script ${name}`);
        }
    }
});

test('what is generated from the protocol model is up to date', () => {
    const { status, stdout, stderr } = spawnSync('node', ['protocol/generate.mjs', '--check'], {
        cwd: root,
        encoding: 'utf8',
    });
    assert.equal(status, 0, `${stdout}${stderr}run npm run generate`);
});
