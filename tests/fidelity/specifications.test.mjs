// @ts-check
// Whatever the server sends to Azure, and whatever the emulator answers, is as Azure describes it:
// every exchange that the end-to-end suites recorded, against the official OpenAPI descriptions.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';

import { root } from '../support/processes.mjs';
import { officialExamples } from './specification/examples.mjs';
import { ExchangeCheck } from './specification/exchange_check.mjs';
import { quirks } from './specification/quirks.mjs';
import { Report } from './specification/report.mjs';
import { sentOperations } from './specification/sent.mjs';

const folder = process.env['AZURE_REST_SPECS'] ?? '';
const records = process.env['AML_RECORD_DIR'] ?? join(root, 'build', 'exchanges');
const skip = folder === '' ? 'AZURE_REST_SPECS names no folder of specifications' : false;

/** Mistakes in the examples themselves, by file and status. */
const wrongExamples = new Map([
    ['./examples/Workspace/DataContainer/list.json 200', 'an older spelling of the data types'],
    ['./examples/Datastore/list.json 200', 'answers a secret that its description never answers'],
    ['./examples/Datastore/get.json 200', 'answers a secret that its description never answers'],
    ['./examples/Datastore/AzureBlobWAccountKey/createOrUpdate.json 200', 'answers a secret'],
    ['./examples/Datastore/AzureBlobWAccountKey/createOrUpdate.json 201', 'answers a secret'],
]);

describe('the check of exchanges', { skip }, () => {
    const check = skip ? undefined : new ExchangeCheck(folder);

    /** @param {import('../support/emulator.mjs').Exchange} exchange */
    const problemsOf = (exchange) =>
        (check?.check(exchange).findings ?? [])
            .filter((finding) => !quirks.some(({ covers }) => covers(finding)))
            .map(({ side, place, problem }) => `${side} ${place} ${problem}`);

    test("accepts Azure's own examples", () => {
        const examples = officialExamples(folder, check?.operations.all ?? []);
        assert.ok(examples.length > 80, `${examples.length} examples`);
        for (const { name, operation, exchange } of examples) {
            assert.equal(check?.check(exchange).operation?.id, operation.id, name);
            const isWrong = problemsOf(exchange).length > 0;
            assert.equal(isWrong, wrongExamples.has(name), `${name}: ${problemsOf(exchange).join('; ')}`);
        }
    });

    const change = (/** @type {any} */ target, /** @type {any} */ changes) => Object.assign(target, changes);
    /** @type {readonly { what: string, example: string, spoil: (exchange: any) => unknown, problem: RegExp }[]} */
    const mistakes = [
        {
            what: 'a property that nobody knows',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: ({ requestBody }) => change(requestBody.properties, { comand: 'x' }),
            problem: /request body \/properties\/comand is not described/,
        },
        {
            what: 'a property that is missing',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: ({ requestBody }) => delete requestBody.properties.command,
            problem: /request body \/properties must have required property 'command'/,
        },
        {
            what: 'a read-only property that is sent',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: ({ requestBody }) => change(requestBody.properties, { status: 'Running' }),
            problem: /request body \/properties\/status is read-only/,
        },
        {
            what: 'a word that is none of the list',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: ({ responseBody }) => change(responseBody.properties, { status: 'Done' }),
            problem: /response body \/properties\/status must be one of NotStarted/,
        },
        {
            what: 'a type that its discriminator does not know',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: ({ requestBody }) => change(requestBody.properties, { jobType: 'Comand' }),
            problem: /request body \/properties value of tag "jobType" must be in oneOf/,
        },
        {
            what: 'a text that is no duration',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: ({ requestBody }) =>
                change(requestBody.properties, { limits: { jobLimitsType: 'Command', timeout: '1h' } }),
            problem: /request body \/properties\/limits\/timeout must match format "duration"/,
        },
        {
            what: 'a number that is a text',
            example: './examples/Compute/createOrUpdate/BasicAmlCompute.json 200',
            spoil: ({ requestBody }) =>
                change(requestBody.properties.properties.scaleSettings, { maxNodeCount: '1' }),
            problem: /request body \/properties\/properties\/scaleSettings\/maxNodeCount must be integer/,
        },
        {
            what: 'a secret that is answered to a GET',
            example: './examples/Compute/get/AmlCompute.json 200',
            spoil: ({ responseBody }) =>
                change(responseBody.properties.properties, {
                    userAccountCredentials: { adminUserName: 'a', adminUserPassword: 'b' },
                }),
            problem: /response body .*\/adminUserPassword is a secret/,
        },
        {
            what: 'an api-version that is not checked',
            example: './examples/Job/cancel.json 200',
            spoil: (exchange) => change(exchange, { url: exchange.url.replace(/api-version=[\w-]+/, 'api-version=2020-01-01') }),
            problem: /request query api-version is none of the versions checked/,
        },
        {
            what: 'a query parameter that nobody knows',
            example: './examples/Job/cancel.json 200',
            spoil: (exchange) => change(exchange, { url: `${exchange.url}&force=true` }),
            problem: /request query force is not described/,
        },
        {
            what: 'a name that its pattern forbids',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: (exchange) => change(exchange, { url: exchange.url.replace(/jobs\/[^?]+/, 'jobs/a.b') }),
            problem: /request path id must match pattern/,
        },
        {
            what: 'a status that is not described',
            example: './examples/Job/CommandJob/createOrUpdate.json 200',
            spoil: (exchange) => change(exchange, { status: 202 }),
            problem: /response status is not described/,
        },
        {
            what: 'a long-running operation that cannot be followed',
            example: './examples/Job/cancel.json 202',
            spoil: (exchange) => change(exchange, { responseHeaders: {} }),
            problem: /response header Location is needed/,
        },
        {
            what: 'an error in another shape',
            example: './examples/Job/CommandJob/get.json 200',
            spoil: (exchange) => change(exchange, { status: 404, responseBody: { message: 'not there' } }),
            problem: /response body \/message is not described/,
        },
    ];
    for (const { what, example, spoil, problem } of mistakes) {
        test(`refuses ${what}`, () => {
            const found = officialExamples(folder, check?.operations.all ?? []).find(({ name }) => name === example);
            assert.ok(found, example);
            assert.deepEqual(problemsOf(found.exchange), []);
            spoil(found.exchange);
            assert.match(problemsOf(found.exchange).join('\n'), problem);
        });
    }
});

test('what was exchanged with Azure is as its specifications say', { skip }, () => {
    const report = new Report();
    const files = recordsIn(records);
    assert.ok(files.length > 0, `no exchanges in ${records}: run the end-to-end suites with AML_RECORD_DIR first`);
    read(files, report);
    process.stdout.write(`${report.table}\n`);
    assert.equal(report.problems.length, 0, `not as described:\n${report.problems.join('\n')}`);
    assert.deepEqual(report.missing(sentOperations), [], 'operations of the server that no suite has called');
    assert.deepEqual(report.idleQuirks, [], 'quirks that nothing needs any more');
});

const ofClients = recordsIn(join(records, 'clients'));
const withoutClients = ofClients.length === 0 && 'the suite clients has recorded nothing';

test("what was answered to the clients of others is as Azure's specifications say", { skip: skip || withoutClients }, () => {
    // What they send is their own affair.
    const report = new Report(['response']);
    read(ofClients, report);
    process.stdout.write(`${report.table}\n`);
    assert.equal(report.problems.length, 0, `not as described:\n${report.problems.join('\n')}`);
});

/** @param {string} place @returns {string[]} */
function recordsIn(place) {
    const names = existsSync(place) ? readdirSync(place) : [];
    return names.filter((name) => name.endsWith('.jsonl')).map((name) => join(place, name));
}

/** @param {readonly string[]} files @param {Report} report */
function read(files, report) {
    const check = new ExchangeCheck(folder);
    for (const file of files) {
        for (const exchange of exchangesIn(file)) report.add(check, exchange, basename(file));
    }
}

/** @param {string} file */
function exchangesIn(file) {
    // A kill may have cut off the last line.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line)).filter((exchange) => !isCutOff(exchange));
}

/** The program was killed before its request was read. @param {any} exchange */
function isCutOff({ requestBody, requestHeaders }) {
    const length = Object.entries(requestHeaders).find(([name]) => name.toLowerCase() === 'content-length');
    return requestBody === null && Number(length?.[1] ?? 0) > 0;
}
