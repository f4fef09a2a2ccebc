// @ts-check
// The extension's TypeScript: types, lint, formatting, size; and that every text has its translation.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

import { isGenerated, projectFiles, read, root } from './sources.mjs';

/** @param {string} program @param {readonly string[]} args */
function passes(program, ...args) {
    const { status, stdout, stderr, error } = spawnSync(`node_modules/.bin/${program}`, args, {
        cwd: root,
        encoding: 'utf8',
    });
    assert.ifError(error);
    assert.equal(status, 0, `${stdout}${stderr}`);
}

const isClientSource = (/** @type {string} */ path) =>
    /^client-ts\/src\/.*\.ts$/.test(path) && !isGenerated(path);

test('the client compiles under the strictest TypeScript', () => passes('tsc', '--project', 'client-ts'));

test('so do its pages', () => passes('tsc', '--project', 'client-ts/webview'));

test('the client passes the typed lint', () =>
    passes(
        'eslint',
        '--config',
        'client-ts/eslint.config.mjs',
        'client-ts/src',
        'client-ts/test',
        'client-ts/webview',
        'client-ts/esbuild.mjs',
    ));

test('the client is formatted with Prettier', () =>
    passes(
        'prettier',
        '--check',
        ...['client-ts/src', 'client-ts/test', 'client-ts/webview', 'client-ts/*.mjs'],
        ...['tests/vscode', 'tests/webview'],
    ));

test('the client stays thin: under 3,500 lines', () => {
    const lines = projectFiles(isClientSource).reduce(
        (sum, path) => sum + read(path).split('\n').length - 1,
        0,
    );
    assert.ok(lines > 0 && lines < 3500, `${lines} lines`);
});

test('every text of the manifest exists in every language', () => {
    const used = new Set([...read('package.json').matchAll(/%([\w.]+)%/g)].map(([, key]) => key));
    for (const path of ['package.nls.json', 'package.nls.zh-cn.json']) {
        assert.deepEqual(new Set(Object.keys(JSON.parse(read(path)))), used, path);
    }
});

test('every text of the code is translated', () => {
    const translated = JSON.parse(read('client-ts/l10n/bundle.l10n.zh-cn.json'));
    const calls = /l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g;
    const used = projectFiles(isClientSource).flatMap((path) =>
        [...read(path).matchAll(calls)].map(([, text = '']) => text),
    );
    assert.ok(used.length > 0);
    assert.deepEqual(
        new Set(Object.keys(translated)),
        new Set(used.map((text) => text.replaceAll("\\'", "'"))),
    );
});
