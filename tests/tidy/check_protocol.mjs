// @ts-check
import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

test('the protocol model has the shape that its schema describes', () => {
    const validate = new Ajv({ allErrors: true }).compile(read('protocol/protocol.schema.json'));
    validate(read('protocol/protocol.json'));
    assert.deepEqual(validate.errors ?? [], []);
});
