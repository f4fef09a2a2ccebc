// @ts-check
// Size, formatting and text of every file that people write.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';

import { isCpp, isGenerated, projectFiles, read, root } from './sources.mjs';

const isText = (/** @type {string} */ path) =>
    /\.(cpp|hpp|mjs|js|ts|json|py|md|yml|cmake|txt|sh|transcript|html|css)$/.test(path);
const isCode = (/** @type {string} */ path) => /\.(cpp|hpp|mjs|ts|py)$/.test(path) && !isGenerated(path);
const lines = (/** @type {string} */ path) => read(path).split('\n').length - 1;

test('no file is longer than 600 lines', () => {
    const long = projectFiles(isCode).filter((path) => lines(path) > 600);
    assert.deepEqual(long, []);
});

test('main.cpp only wires things together, in 150 lines at most', () => {
    assert.ok(lines('server/main.cpp') <= 150);
});

test('C++ is formatted with clang-format', () => {
    const files = projectFiles((path) => isCpp(path) && !isGenerated(path));
    const args = ['--dry-run', '--Werror', '-ferror-limit=1', ...files];
    const { status, stderr, error } = spawnSync('clang-format', args, { cwd: root, encoding: 'utf8' });
    assert.ifError(error);
    const wrong = new Set([...stderr.matchAll(/^([^\s:]+):\d+:\d+: error/gm)].map(([, path]) => path));
    assert.deepEqual([...wrong], [], 'run clang-format -i on these');
    assert.equal(status, 0, stderr);
});

test('text files end with a newline and have no trailing blanks, tabs or conflict marks', () => {
    const wrong = [];
    for (const path of projectFiles((file) => isText(file) && !isGenerated(file))) {
        const text = read(path);
        if (text !== '' && !text.endsWith('\n')) wrong.push(`${path}: no newline at the end`);
        text.split('\n').forEach((line, index) => {
            if (/[ \t]$|\t|\r|^(<{7}|>{7}) /.test(line)) wrong.push(`${path}:${index + 1}`);
        });
    }
    assert.deepEqual(wrong, []);
});

test('nothing is left for later, and no path of somebody’s machine is named', () => {
    // In pieces, so that this file does not find itself.
    const later = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|');
    const forbidden = new RegExp(`\\b(${later})\\b|(?<![\\w.}])/${'ro' + 'ot'}/\\w|${root}/`);
    const wrong = [];
    for (const path of projectFiles((file) => isText(file) && !isGenerated(file))) {
        read(path)
            .split('\n')
            .forEach((line, index) => {
                if (forbidden.test(line)) wrong.push(`${path}:${index + 1}: ${line.trim()}`);
            });
    }
    assert.deepEqual(wrong, [], 'finish it, or open an issue and assert today’s behaviour');
});

test('links between documents lead somewhere', () => {
    const wrong = [];
    for (const path of projectFiles((file) => file.endsWith('.md'))) {
        for (const [, target = ''] of read(path).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
            if (/^[a-z]+:/.test(target)) continue;
            if (!existsSync(join(root, dirname(path), target))) wrong.push(`${path}: ${target}`);
        }
    }
    assert.deepEqual(wrong, []);
});
