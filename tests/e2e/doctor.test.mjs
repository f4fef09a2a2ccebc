// @ts-check
// The sign-in doctor against the emulator, with each step broken in turn.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const steps = ['endpoint', 'connection', 'token', 'tenant', 'subscriptions', 'role', 'dataPlane', 'storage'];

/**
 * What the doctor says with these faults: `step state` of each step, and the text of those that failed.
 * @param {unknown[]} rules
 * @param {NodeJS.ProcessEnv} environment
 */
async function examine(rules, environment = {}) {
    const emulator = await Emulator.start(rules.length > 0 ? { faults: { rules } } : {});
    const project = new Project(emulator).bind();
    try {
        const { code, values, stderr } = await project.json(['doctor'], environment);
        assert.deepEqual(values.map(({ step }) => step), steps, stderr);
        const failed = values.filter(({ state }) => state === 'failed');
        assert.equal(code, failed.length > 0 ? 1 : 0, stderr);
        return {
            states: values.map(({ state }) => state).join(' '),
            failed: failed.map(({ step, text }) => `${step}: ${text}`).join('\n'),
            values,
        };
    } finally {
        project.remove();
        await emulator.stop();
    }
}

const always = { status: 503, headers: { 'Retry-After': '0' } };

describe('aml doctor', () => {
    test('everything works', async () => {
        const { states, values } = await examine([]);
        assert.equal(states, 'ok ok ok ok ok ok ok ok');
        const text = Object.fromEntries(values.map(({ step, text }) => [step, text]));
        assert.match(text.endpoint, /^http:\/\/127\.0\.0\.1:\d+ answers as AzureMLEmulator$/);
        assert.match(text.connection, /stays on this machine; no proxy/);
        assert.match(text.token, /signed in as aml-demo with the service principal/);
        assert.match(text.subscriptions, /^1 subscription$/);
        assert.match(text.role, /you may run experiments in demo-workspace/);
        assert.match(text.storage, /a small file was uploaded to 127\.0\.0\.1/);
    });

    test('the endpoint is away', async () => {
        const { states, failed } = await examine([], { AZUREML_ARM_ENDPOINT: 'http://127.0.0.1:1' });
        assert.equal(states, 'failed skipped skipped skipped skipped skipped skipped skipped');
        assert.match(failed, /endpoint: Azure cannot be reached: .*azureml\.armEndpoint/);
    });

    test('the endpoint is something else', async () => {
        const { states, failed } = await examine([{ route: '/metadata/endpoints', status: 404 }]);
        assert.equal(states, 'failed skipped skipped skipped skipped skipped skipped skipped');
        assert.match(failed, /endpoint: .* is not an Azure Resource Manager endpoint; correct/);
    });

    test('TLS does not come about', async () => {
        // Something answers there, but not with TLS.
        const plain = createServer((socket) => {
            socket.on('error', () => {});
            socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        });
        await new Promise((resolve) => plain.listen(0, '127.0.0.1', () => resolve(undefined)));
        const { port } = /** @type {import('node:net').AddressInfo} */ (plain.address());
        try {
            const { states, failed } = await examine([], {
                AZUREML_ARM_ENDPOINT: `https://127.0.0.1:${port}`,
            });
            assert.equal(states, 'ok failed skipped skipped skipped skipped skipped skipped');
            assert.match(failed, /connection: .*No secure connection to https:/);
        } finally {
            plain.close();
        }
    });

    test('the secret is wrong', async () => {
        const { states, failed } = await examine([], { AZURE_CLIENT_SECRET: 'wrong' });
        assert.equal(states, 'ok ok failed skipped skipped skipped skipped skipped');
        assert.match(failed, /token: The client secret is wrong; set AZURE_CLIENT_SECRET/);
    });

    test('the subscriptions cannot be listed', async () => {
        const { states, failed } = await examine([{ route: '/subscriptions', status: 403 }]);
        assert.equal(states, 'ok ok ok failed skipped skipped skipped skipped');
        assert.match(failed, /^tenant: /);
    });

    test('there is no subscription', async () => {
        const { states, failed } = await examine([
            { route: '/subscriptions', status: 200, body: { value: [] } },
        ]);
        assert.equal(states, 'ok ok ok ok failed skipped skipped skipped');
        assert.match(failed, /subscriptions: There is no subscription .* ask for the role Reader/);
    });

    test('the role is missing, or too small', async () => {
        const route = '/subscriptions/*/resourceGroups/*/providers/Microsoft.MachineLearningServices/workspaces/*';
        const none = await examine([{ route, method: 'GET', status: 403 }]);
        assert.match(none.states, /^ok ok ok ok ok failed /);
        assert.match(none.failed, /role: .*AzureML Data Scientist|role: .*Ask/);
        const reader = await examine([
            {
                route: '**/providers/Microsoft.Authorization/permissions',
                status: 200,
                body: { value: [{ actions: ['*/read'], notActions: [] }] },
            },
        ]);
        assert.equal(reader.states, 'ok ok ok ok ok failed ok ok');
        assert.match(reader.failed, /role: You may look at demo-workspace but not run experiments in it .*codes\/write/);
    });

    test('the data plane is away', async () => {
        const { states, failed } = await examine([{ route: '/history/**', ...always }]);
        assert.equal(states, 'ok ok ok ok ok ok failed ok');
        assert.match(failed, /^dataPlane: /);
    });

    test('the upload is refused', async () => {
        const { states, failed } = await examine([{ method: 'PUT', route: '/*/*/doctor.txt', status: 403 }]);
        assert.equal(states, 'ok ok ok ok ok ok ok failed');
        assert.match(failed, /^storage: /);
    });
});

describe('azureml.doctor', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start();
        project = new Project(emulator).bind();
    });
    after(async () => {
        project.remove();
        await emulator.stop();
    });

    test('opens a document that can be read', async () => {
        const client = new LanguageClient({ env: project.environment, cwd: project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        await client.request('initialize', {
            processId: process.pid,
            capabilities: { window: { showDocument: { support: true } } },
            workspaceFolders: [{ uri: pathToFileURL(project.folder).href, name: 'project' }],
            initializationOptions: { stateDirectory: join(project.base, 'editor') },
        });
        client.notify('initialized', {});
        const found = await client.request('workspace/executeCommand', { command: 'azureml.doctor' });
        assert.deepEqual(found.map((/** @type {any} */ { step }) => step), steps);
        assert.ok(found.every((/** @type {any} */ { state }) => state === 'ok'), JSON.stringify(found));
        const { uri } = await client.asked('window/showDocument');
        const report = readFileSync(fileURLToPath(uri), 'utf8');
        assert.match(report, /^# Sign-in doctor\n/);
        assert.match(report, /- ✓ \*\*Storage\*\*: a small file was uploaded/);
        await client.shutDown();
    });
});
