// @ts-check
// What people write of a pipeline and what Azure gets (tests/fixtures/azure/pipeline_job_pairs.json), against Microsoft's
// own Python package: the job's body, and the components that its steps become. What the server makes of them:
// tests/unit/runconfig/pipeline_job_pairs_test.cpp.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';

import { pythonClients } from '../clients/install.mjs';
import { root } from '../support/processes.mjs';

const pairsFile = join(root, 'tests/fixtures/azure/pipeline_job_pairs.json');

describe("the keys of a pipeline, against Microsoft's azure-ai-ml", () => {
    /** @type {readonly { keys: string[], file: any, rest: any, components?: any }[]} */
    const pairs = JSON.parse(readFileSync(pairsFile, 'utf8'));
    /** @type {{ keys: string[], answers: any[] }} */
    let official;

    before(() => {
        const options = {
            encoding: /** @type {const} */ ('utf8'),
            stdio: /** @type {any} */ (['ignore', 'pipe', 'ignore']),
        };
        const script = join(root, 'tests/fidelity/pipeline_job_pairs.py');
        official = JSON.parse(execFileSync(pythonClients('azure-ai-ml'), [script, pairsFile], options));
    });

    test('the table has every key that the package takes for pipelines of command steps', () => {
        const paired = new Set(pairs.flatMap(({ keys }) => keys));
        assert.deepEqual(
            official.keys.filter((key) => !paired.has(key)),
            [],
        );
        process.stdout.write(`${official.keys.length} keys of a pipeline in ${pairs.length} pairs\n`);
    });

    for (const [index, pair] of pairs.entries()) {
        test(`${index + 1}: ${JSON.stringify(pair.file).slice(0, 70)} is sent the same way`, () => {
            const { rest, components, error } = official.answers[index];
            assert.equal(error, undefined);
            assert.deepEqual(comparable(rest), comparable(pair.rest));
            if (pair.components !== undefined)
                assert.deepEqual(comparable(components), comparable(pair.components));
        });
    }
});

/**
 * Without what says nothing (nulls, empty objects); durations as seconds, and words whatever their case.
 * @param {any} value
 * @returns {any}
 */
function comparable(value) {
    if (typeof value === 'string') return seconds(value) ?? value.toLowerCase();
    if (Array.isArray(value)) return value.map(comparable);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value)
        .map(([key, item]) => [key, comparable(item)])
        .filter(
            ([, item]) => item !== null && !(item.constructor === Object && Object.keys(item).length === 0),
        );
    return Object.fromEntries(entries);
}

/** @param {string} text an ISO 8601 duration */
function seconds(text) {
    const found = text.match(/^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/);
    if (found === null) return undefined;
    const [hours = 0, minutes = 0, rest = 0] = found.slice(1).map((part) => Number(part ?? 0));
    return hours * 3600 + minutes * 60 + rest;
}
