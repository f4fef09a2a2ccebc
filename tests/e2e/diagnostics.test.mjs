// @ts-check
// A failure of Azure as the user meets it: one sentence, and the rest for a support case.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const refusal = {
    error: {
        code: 'OperationNotAllowed',
        message:
            'Operation could not be completed as it results in exceeding approved Total Regional Cores quota. ' +
            'Additional details - Location: eastus, Current Limit: 10, Current Usage: 8, Additional Required: 4.',
    },
};
const sentence =
    'Cannot create the job: the quota in eastus is used up: 8 of 10 cores in use, 4 more needed; ' +
    'choose fewer nodes or another VM size, or ask for more quota in the Azure portal (Quotas, Machine learning).';

describe('a submission that Azure refuses', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({
            faults: {
                rules: [
                    {
                        method: 'PUT',
                        route: '**/jobs/*',
                        status: 409,
                        headers: { 'x-ms-request-id': 'request-4711' },
                        body: refusal,
                    },
                ],
            },
        });
        project = new Project(emulator).bind().script('train.py', 'print("trained")\n');
    });
    after(async () => {
        project.remove();
        await emulator.stop();
    });

    test('is one sentence, and Copy Diagnostics fills the clipboard with the rest', async () => {
        const client = new LanguageClient({ env: project.environment });
        await client.initialize({
            stateDirectory: project.stateFolder,
            auth: 'servicePrincipal',
        });
        const uri = pathToFileURL(project.path('train.job.json')).href;
        const params = { command: 'azureml.submit', arguments: [uri] };
        await assert.rejects(client.request('workspace/executeCommand', params), (/** @type {any} */ error) => {
            assert.equal(error.message, sentence);
            assert.deepEqual(error.data, {
                kind: 'Conflict',
                httpStatus: 409,
                azureCode: 'OperationNotAllowed',
                requestId: 'request-4711',
            });
            return true;
        });
        await client.request('workspace/executeCommand', { command: 'azureml.copyDiagnostics' });
        const { text } = await client.asked('ui/copy');
        assert.match(text, /^Azure ML Experiments \d+\.\d+\.\d+\ntime: 20\d\d-\d\d-\d\dT/);
        assert.ok(text.includes(`message: ${sentence}\n`));
        assert.match(text, /\ncode: OperationNotAllowed\n/);
        assert.match(text, /\nrequest id: request-4711\n/);
        assert.match(text, /PUT http:\/\/127\.0\.0\.1:\d+\/subscriptions\/.*\/jobs\/\w+\?api-version=/);
        assert.match(text, /to create the job: HTTP status 409\n/);
        assert.match(text, /OperationNotAllowed: Operation could not be completed/);
        assert.match(text, /client request id: [0-9a-f-]{36}\n/);
        assert.doesNotMatch(text, /Bearer|sig=(?!\*)|eyJ/);
        await client.notified('window/showMessage', ({ message }) => /on the clipboard/.test(message));
        assert.equal((await client.shutDown()).code, 0);
    });

    test('is the same sentence in a terminal, with its details for programs and with --verbose', async () => {
        const plain = await project.aml(['run', 'train.py']);
        assert.equal(plain.code, 1);
        assert.ok(plain.stderr.includes(sentence), plain.stderr);
        assert.doesNotMatch(plain.stderr, /request-4711/);
        const { values } = await project.json(['run', 'train.py']);
        assert.deepEqual(values.at(-1), {
            event: 'error',
            kind: 'Conflict',
            message: sentence,
            httpStatus: 409,
            azureCode: 'OperationNotAllowed',
            requestId: 'request-4711',
        });
        const verbose = await project.aml(['run', 'train.py', '--verbose']);
        assert.match(verbose.stderr, /request id: request-4711/);
        assert.match(verbose.stderr, /to create the job: HTTP status 409/);
    });
});
