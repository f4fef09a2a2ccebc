// @ts-check
// The table of what people write in a run configuration and what Azure gets
// (tests/fixtures/azure/command_job_*.json), against Microsoft's own Python package: it has every key that the
// package takes, and the package sends the same. What the server sends: tests/e2e/configuration.test.mjs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { pythonClients } from '../clients/install.mjs';
import { root } from '../support/processes.mjs';

const fixtures = join(root, 'tests/fixtures/azure');
const pairsFile = join(fixtures, 'command_job_pairs.json');
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(file, 'utf8'));

/** @type {readonly { keys: string[], official?: boolean, file: any, rest?: any, environment?: any }[]} */
const pairs = read(pairsFile);

describe("the keys of a command job, against Microsoft's azure-ai-ml", () => {
    /** @type {any[]} */
    let answers;
    let python = '';

    /** @param {string} script @param {...string} args */
    const run = (script, ...args) => {
        const options = { encoding: /** @type {const} */ ('utf8'), stdio: /** @type {any} */ (['ignore', 'pipe', 'ignore']) };
        return JSON.parse(execFileSync(python, [join(root, 'tests/fidelity', script), ...args], options));
    };

    before(() => {
        python = pythonClients('azure-ai-ml');
        answers = run('command_job_pairs.py', pairsFile);
    });

    test('the table has every key that the package takes, and no other', () => {
        const keys = run('command_job_keys.py');
        assert.deepEqual(read(join(fixtures, 'command_job_keys.json')), keys);
        const paired = new Set(pairs.flatMap((pair) => pair.keys));
        assert.deepEqual([...paired].sort(), [...keys].sort());
        process.stdout.write(`${keys.length} keys of a command job in ${pairs.length} pairs\n`);
    });

    for (const [index, pair] of pairs.entries()) {
        if (pair.official === false) continue;
        test(`${JSON.stringify(pair.file).slice(0, 70)} is sent the same way`, () => {
            const { rest, environment, error } = answers[index];
            assert.equal(error, undefined);
            if (pair.rest !== undefined) assert.deepEqual(comparable(rest), comparable(pair.rest));
            if (pair.environment === undefined) return;
            const { isAnonymous, isArchived, condaFile, osType, ...others } = environment;
            const { condaFile: conda, osType: system, ...wanted } = pair.environment;
            assert.deepEqual([isAnonymous, isArchived], [true, false]);
            assert.deepEqual(comparable(others), comparable(wanted));
            // Either text is YAML; the words of the package are in lower case.
            for (const word of JSON.stringify(conda ?? '').match(/[\w.=-]+/g) ?? []) assert.ok(condaFile.includes(word), word);
            assert.equal(osType?.toLowerCase(), system?.toLowerCase());
        });
    }
});

/**
 * Without what says nothing (nulls, empty objects), and durations as seconds.
 * @param {any} value
 * @returns {any}
 */
function comparable(value) {
    if (typeof value === 'string') return seconds(value) ?? value;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const entries = Object.entries(value)
        .map(([key, item]) => [key, comparable(item)])
        .filter(([, item]) => item !== null && !(typeof item === 'object' && Object.keys(item).length === 0));
    return Object.fromEntries(entries);
}

/** @param {string} text an ISO 8601 duration */
function seconds(text) {
    const found = text.match(/^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/);
    if (found === null) return undefined;
    const [hours = 0, minutes = 0, rest = 0] = found.slice(1).map((part) => Number(part ?? 0));
    return hours * 3600 + minutes * 60 + rest;
}
