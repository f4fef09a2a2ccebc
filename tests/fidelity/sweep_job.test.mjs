// @ts-check
// What people write of a sweep and what Azure gets (tests/fixtures/azure/sweep_job_pairs.json), and how plain scalars of
// YAML (yaml_scalars.json) and the job files of others (job_files.yml) are read, against Microsoft's own Python package.
// What the server makes of them: tests/unit/runconfig/sweep_job_pairs_test.cpp, yaml_scalar_test.cpp and job_files_test.cpp.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { pythonClients } from '../clients/install.mjs';
import { root } from '../support/processes.mjs';

const fixtures = join(root, 'tests/fixtures/azure');
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(join(fixtures, file), 'utf8'));

/** @param {string} script @param {string} file */
function asked(script, file) {
    const options = { encoding: /** @type {const} */ ('utf8'), stdio: /** @type {any} */ (['ignore', 'pipe', 'ignore']) };
    const program = pythonClients('azure-ai-ml');
    return JSON.parse(execFileSync(program, [join(root, 'tests/fidelity', script), join(fixtures, file)], options));
}

test('plain scalars of YAML are what the package reads', () => {
    assert.deepEqual(read('yaml_scalars.json'), asked('yaml_scalars.py', 'yaml_scalars.json'));
});

test('the package takes every job file that we take', () => {
    const refused = asked('job_files.py', 'job_files.yml');
    assert.ok(refused.length >= 60);
    assert.deepEqual(refused.filter((/** @type {any} */ reason) => reason !== null), []);
});

describe("the keys of a sweep, against Microsoft's azure-ai-ml", () => {
    /** @type {readonly { keys: string[], file: any, rest: any }[]} */
    const pairs = read('sweep_job_pairs.json');
    /** @type {{ keys: string[], answers: any[] }} */
    let official;

    before(() => {
        official = asked('sweep_job_pairs.py', 'sweep_job_pairs.json');
    });

    test('the table has every key that the package takes for a sweep', () => {
        const paired = new Set(pairs.flatMap(({ keys }) => keys));
        assert.deepEqual(official.keys.filter((key) => !paired.has(key)), []);
        process.stdout.write(`${official.keys.length} keys of a sweep in ${pairs.length} pairs\n`);
    });

    for (const [index, pair] of pairs.entries()) {
        test(`${index + 1}: ${JSON.stringify(pair.file).slice(0, 70)} is sent the same way`, () => {
            const { rest, error } = official.answers[index];
            assert.equal(error, undefined);
            assert.deepEqual(comparable(rest), comparable(pair.rest));
        });
    }
});

/**
 * Without what says nothing (nulls, empty objects); durations as seconds, and words whatever their case: the package
 * leaves some of them as they were written.
 * @param {any} value
 * @returns {any}
 */
function comparable(value) {
    if (typeof value === 'string') return seconds(value) ?? value.toLowerCase();
    if (Array.isArray(value)) return value.map(comparable);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value)
        .map(([key, item]) => [key, comparable(item)])
        .filter(([, item]) => item !== null && !(item.constructor === Object && Object.keys(item).length === 0));
    return Object.fromEntries(entries);
}

/** @param {string} text an ISO 8601 duration */
function seconds(text) {
    const found = text.match(/^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/);
    if (found === null) return undefined;
    const [hours = 0, minutes = 0, rest = 0] = found.slice(1).map((part) => Number(part ?? 0));
    return hours * 3600 + minutes * 60 + rest;
}
