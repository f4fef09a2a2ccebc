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

test('the protocol model describes the commands that the server has', () => {
    // The transcript is played against the program, which lists them.
    const transcript = readFileSync(new URL('../transcripts/initialized.transcript', import.meta.url), 'utf8');
    const [, list] = transcript.match(/"executeCommandProvider":\{"commands":(\[[^\]]*\])/) ?? [];
    const described = read('protocol/protocol.json').commands.map((/** @type {any} */ { command }) => command);
    assert.deepEqual(described, JSON.parse(list ?? ''));
});
