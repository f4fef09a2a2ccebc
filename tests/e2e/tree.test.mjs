// @ts-check
// The rows of runs, as an editor asks for them: the parts of a run below it, and runs arranged as the user wants.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** @type {Emulator} */
let emulator;
/** @type {Project} */
let project;
before(async () => {
    const experiments = [{ name: 'mnist', runs: 9 }];
    emulator = await Emulator.start({ seed: { workspaces: [{ experiments }] } });
    project = new Project(emulator).bind();
});
after(async () => {
    project.remove();
    await emulator.stop();
});

const rowOf = (/** @type {string} */ place) => emulator.workspaceId.toLowerCase() + place;
const mnist = () => rowOf('#experiments/mnist');

async function openWindow() {
    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    const folder = { uri: pathToFileURL(project.folder).href, name: 'project' };
    await client.request('initialize', {
        processId: process.pid,
        rootUri: null,
        workspaceFolders: [folder],
        capabilities: {},
        initializationOptions: { stateDirectory: project.stateFolder, auth: 'servicePrincipal' },
    });
    client.notify('initialized', {});
    return client;
}

/** @param {LanguageClient} client @param {string} id @returns {Promise<any[]>} */
const children = async (client, id) => (await client.request('tree/children', { id })).nodes;

/** @param {string} call @param {Record<string, unknown>} body */
async function mlflow(call, body) {
    const address = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/${call}`;
    const answer = await emulator.arm('POST', address, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
}

/** @param {string} run @param {number} accuracy */
const logAccuracy = (run, accuracy) =>
    mlflow('runs/log-batch', {
        run_id: run,
        metrics: [0.5, accuracy].map((value, step) => ({ key: 'accuracy', value, step, timestamp: step })),
    });

test('the parts of a run stand below it', async () => {
    const parent = 'mnist_00009';
    const { body } = await emulator.arm('GET', `/history/v1.0${emulator.workspaceId}/runs/${parent}`);
    assert.deepEqual(body.uniqueChildRunComputeTargets, []);
    const { run: part } = await mlflow('runs/create', {
        experiment_id: body.experimentId,
        run_name: 'fold 1',
        tags: [{ key: 'mlflow.parentRunId', value: parent }],
    });
    const client = await openWindow();
    const rows = await children(client, mnist());
    const above = rowOf(`/jobs/${parent}`);
    assert.ok(!rows.some((row) => row.label === 'fold 1'));
    const [files, ...parts] = await children(client, above);
    assert.equal(files.contextValue, 'run.folder');
    assert.deepEqual(
        parts.map(({ id, label, parentId }) => ({ id, label, parentId })),
        [{ id: rowOf(`/jobs/${part.info.run_id}`), label: 'fold 1', parentId: above }],
    );
    const alone = await children(client, rowOf('/jobs/mnist_00001'));
    assert.deepEqual(
        alone.map((row) => row.contextValue),
        ['run.folder'],
    );
    await client.shutDown();
});

test('runs are arranged by their metric or by who made them, also in the next session', async () => {
    await logAccuracy('mnist_00002', 0.75);
    await logAccuracy('mnist_00005', 0.953);
    const client = await openWindow();
    let chosen = 'highestMetric';
    client.on('ui/pick', ({ items }) => {
        assert.ok(items.some((/** @type {any} */ item) => item.id === chosen));
        return { kind: 'picked', ids: [chosen] };
    });
    const arrange = () => client.request('workspace/executeCommand', { command: 'azureml.arrangeRuns' });
    await children(client, mnist());
    await arrange();
    const [arranged, first, second] = await children(client, mnist());
    assert.equal(arranged.description, 'Highest main metric first');
    assert.deepEqual([first.label, second.label], ['mnist 5', 'mnist 2']);
    assert.match(first.description, /^completed · accuracy 0\.953 · /);
    const { tooltip } = await client.request('tree/tooltip', { id: first.id });
    assert.match(tooltip, /accuracy 0\.953, rising, best 0\.953 at step 1/);
    chosen = 'mine';
    await arrange();
    await client.shutDown();

    const next = await openWindow();
    const rows = await children(next, mnist());
    assert.equal(rows[0].description, 'Highest main metric first · only mine');
    assert.deepEqual(
        rows.slice(1).map((row) => row.label),
        ['No run matches the filter'],
    );
    await next.shutDown();
});
