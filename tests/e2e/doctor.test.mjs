// @ts-check
// The sign-in doctor against the emulator, with each step broken in turn: what it says in the terminal
// is held against doctor.transcript, which AML_UPDATE_TRANSCRIPTS=1 writes anew.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { appendFileSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const steps = ['endpoint', 'connection', 'token', 'tenant', 'subscriptions', 'role', 'dataPlane', 'storage'];

/** A service that is away, and will not be waited for. */
const away = { status: 503, headers: { 'Retry-After': '0' } };
const workspaces = '/subscriptions/*/resourceGroups/*/providers/Microsoft.MachineLearningServices/workspaces/*';

/**
 * Each step broken in turn, by what the emulator answers or by what the environment says.
 * @type {Record<string, { rules?: unknown[], environment?: NodeJS.ProcessEnv, tls?: 'none' }>}
 */
const cases = {
    'Everything works': {},
    'The endpoint is away': { environment: { AZUREML_ARM_ENDPOINT: 'http://127.0.0.1:1' } },
    'The endpoint is something else': { rules: [{ route: '/metadata/endpoints', status: 404 }] },
    'Something answers there, but not with TLS': { tls: 'none' },
    // What goes to this machine needs no proxy.
    'The proxy is away': {
        environment: {
            AZUREML_ARM_ENDPOINT: 'https://management.azure.com',
            HTTPS_PROXY: 'http://127.0.0.1:1',
            NO_PROXY: '',
        },
    },
    'The secret is wrong': { environment: { AZURE_CLIENT_SECRET: 'wrong' } },
    'The subscriptions cannot be listed': { rules: [{ route: '/subscriptions', status: 403 }] },
    'There is no subscription': { rules: [{ route: '/subscriptions', status: 200, body: { value: [] } }] },
    'The workspace may not be seen': { rules: [{ route: workspaces, method: 'GET', status: 403 }] },
    'The role is too small': {
        rules: [
            {
                route: '**/providers/Microsoft.Authorization/permissions',
                status: 200,
                body: { value: [{ actions: ['*/read'], notActions: [] }] },
            },
        ],
    },
    'The data plane is away': { rules: [{ route: '/history/**', ...away }] },
    'The upload is refused': { rules: [{ method: 'PUT', route: '**/doctor.txt', status: 403 }] },
};

/** What differs from run to run. @param {string} text */
function masked(text) {
    return text
        .replace(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:PORT')
        .replace(/aml[0-9a-f]{20}/g, 'ACCOUNT')
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
}

/**
 * The terminal's text of `aml doctor` in this case, and how it ended.
 * @param {typeof cases[string]} one
 */
async function examine({ rules, environment = {}, tls }) {
    const emulator = await Emulator.start(rules === undefined ? {} : { faults: { rules } });
    const project = new Project(emulator).bind();
    const plain = createServer((socket) => {
        socket.on('error', () => {});
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise((resolve) => plain.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (plain.address());
    const endpoint = tls === 'none' ? { AZUREML_ARM_ENDPOINT: `https://127.0.0.1:${port}` } : {};
    try {
        const { code, stdout, stderr } = await project.aml(['doctor'], { ...endpoint, ...environment });
        return masked(`${stdout}${stderr}exit ${code}\n`);
    } finally {
        plain.close();
        project.remove();
        await emulator.stop();
    }
}

describe('aml doctor', () => {
    const file = fileURLToPath(new URL('doctor.transcript', import.meta.url));
    const update = process.env['AML_UPDATE_TRANSCRIPTS'] !== undefined;
    const transcript = update ? '' : readFileSync(file, 'utf8');

    for (const [name, one] of Object.entries(cases)) {
        test(name, async () => {
            const section = `## ${name}\n\n${await examine(one)}`;
            if (update) appendFileSync(file, `${section}\n`);
            else assert.equal(section, sectionOf(transcript, name));
        });
    }

    test('the transcript holds these cases and no other', () => {
        const names = [...transcript.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
        if (!update) assert.deepEqual(names, Object.keys(cases));
    });
});

/** @param {string} transcript @param {string} name */
function sectionOf(transcript, name) {
    const start = transcript.indexOf(`## ${name}\n`);
    const end = transcript.indexOf('\n## ', start + 1);
    return transcript.slice(start, end < 0 ? -1 : end);
}

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
