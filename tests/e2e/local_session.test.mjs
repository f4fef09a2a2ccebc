// @ts-check
// Runs on this computer in an editor's session: shown like those in Azure, cancelled, debugged, and what becomes of
// them when the server is killed.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { DebugAdapter, pythonWithDebugpy } from '../support/debug_adapter.mjs';
import { HereProject } from '../support/here.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';

after(killWhatRuns);

/** @type {HereProject[]} */
const projects = [];
after(() => projects.forEach((project) => project.remove()));

const newProject = () => {
    const project = new HereProject();
    projects.push(project);
    return project;
};

/** @param {HereProject} project */
async function session(project) {
    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    const uri = pathToFileURL(project.folder).href;
    await client.initialize({ stateDirectory: join(project.base, 'editor') }, { workspace: { workspaceFolders: true } });
    client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri, name: 'project' }], removed: [] } });
    const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        client.request('workspace/executeCommand', { command, arguments: args });
    return { client, execute };
}

/** @param {LanguageClient} client @param {string} id @param {string} status */
const reached = (client, id, status) =>
    client.notified('runs/didChange', ({ runs }) =>
        runs.some((/** @type {any} */ run) => run.id === id && run.status === status),
    );

const waiting =
    'import pathlib, sys, time\n' +
    'print("waiting", flush=True)\n' +
    'while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.05)\n';

/** @param {HereProject} project */
const writeWaiting = (project) =>
    project.script('wait.py', waiting, { command: `python wait.py ${join(project.base, 'go')}` });

test('a run here is in the tree under this computer, and has a page, a log and an end', async () => {
    const project = newProject();
    project.script('train.py', 'print("hello from here")\nopen("outputs/x.txt", "w").write("x")\n');
    const { client, execute } = await session(project);
    const before = await client.request('tree/children', {});
    assert.ok(!before.nodes.some((/** @type {any} */ { label }) => label === 'This computer'));
    const id = await execute('azureml.runLocally', pathToFileURL(project.path('train.job.json')).href);
    await reached(client, id, 'Completed');
    const { nodes } = await client.request('tree/children', {});
    const top = nodes.find((/** @type {any} */ { label }) => label === 'This computer');
    assert.ok(top);
    const [experiment] = (await client.request('tree/children', { id: top.id })).nodes;
    assert.equal(experiment.label, 'e2e');
    const [run] = (await client.request('tree/children', { id: experiment.id })).nodes;
    assert.match(`${run.label} ${run.description}`, /^train .*completed/);
    const page = await client.request('runs/view', { id });
    assert.equal(page.status, 'Completed');
    assert.deepEqual(page.files, [{ path: 'outputs/x.txt' }]);
    assert.match(page.configuration, /python train\.py/);
    const log = await client.request('runs/log', { id, offset: 0 });
    assert.match(log.text, /hello from here/);
    assert.equal((await client.shutDown()).code, 0);
});

test('cancelling a run from its row ends it', async () => {
    const project = newProject();
    writeWaiting(project);
    const { client, execute } = await session(project);
    client.on('window/showMessageRequest', ({ actions }) => actions.find(({ title }) => title === 'Cancel run'));
    const id = await execute('azureml.runLocally', pathToFileURL(project.path('wait.job.json')).href);
    await reached(client, id, 'Running');
    await execute('azureml.run.cancel', id.toLowerCase().replace(/jobs\/.*/, '') + `jobs/${id.split('/').at(-1)}`);
    await reached(client, id, 'Canceled');
    assert.equal((await client.shutDown()).code, 0);
});

test('a run outlives a server that is killed, and the next one tells its end', async () => {
    const project = newProject();
    writeWaiting(project);
    const first = await session(project);
    const id = await first.execute('azureml.runLocally', pathToFileURL(project.path('wait.job.json')).href);
    await reached(first.client, id, 'Running');
    await first.client.program.kill();
    const next = await session(project);
    await reached(next.client, id, 'Running');
    project.write('../go', '');
    await reached(next.client, id, 'Completed');
    assert.equal((await next.client.shutDown()).code, 0);
});

test('what the server resolves is debugged by debugpy, and stops at a breakpoint of the file itself', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'aml-debugpy-'));
    const project = newProject();
    project.script(
        'train.py',
        'import os, sys\ntotal = len(sys.argv[2])\nprint("total", total, os.environ["LEVEL"])\n' +
            'open("outputs/x.txt", "w").write("x")\n',
        {
            command: 'python -u train.py --name ${{inputs.name}}',
            inputs: { name: '"two words"' },
            environment_variables: { LEVEL: '3' },
        },
    );
    const { client, execute } = await session(project);
    const given = { type: 'azureml', request: 'launch', configuration: project.path('train.job.json'), justMyCode: false };
    const resolved = await execute('azureml.resolveDebugging', given, true, project.folder);
    const { type, name, program, python, pythonArgs, args, cwd, justMyCode } = resolved;
    assert.deepEqual(
        { type, name, pythonArgs, args, justMyCode },
        {
            type: 'debugpy',
            name: 'Azure ML: train.job.json',
            pythonArgs: ['-u'],
            args: ['--name', 'two words'],
            justMyCode: false,
        },
    );
    assert.ok(existsSync(python[0]));
    assert.equal(program, join(cwd, 'train.py'));
    const adapter = new DebugAdapter(pythonWithDebugpy(tools));
    try {
        const { frames, threadId } = await adapter.launch(resolved, { path: project.path('train.py'), line: 3 });
        assert.deepEqual([frames[0].line, frames[0].source.path], [3, project.path('train.py')]);
        await adapter.request('continue', { threadId });
        await adapter.event('terminated');
        assert.match(adapter.output, /total 9 3/);
    } finally {
        await adapter.stop();
    }
    assert.ok(existsSync(join(cwd, '..', 'outputs', 'x.txt')));
    // It is no run; and the next one has a folder of its own.
    assert.match((await project.aml(['jobs', '--local'])).stderr, /There are no runs/);
    const again = await execute('azureml.resolveDebugging', given, true, project.folder);
    assert.notEqual(again.cwd, cwd);
    assert.equal((await client.shutDown()).code, 0);
    rmSync(tools, { recursive: true, force: true });
});
