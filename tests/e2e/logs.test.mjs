// @ts-check
// What an editor learns of a run that failed: the end of its log, the local files that it names, and the line in the
// user's own script.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

/** @type {Emulator} */
let emulator;

before(async () => {
    emulator = await Emulator.start({ args: ['--node-start', '50'] });
});

after(async () => {
    await emulator.stop();
    killWhatRuns();
});

const script = `
import json
import src.data

for step in range(1, 301):
    print(f"step {step} of 300", flush=True)
src.data.load("digits")
`;

const data = `
def load(name):
    path = f"/datasets/{name}"
    # Wide letters before an error: 数据
    raise ValueError(f"no data in {path}")
`;

/** A project with a script that fails in another file of it, and a client. */
async function failingProject() {
    const project = new Project(emulator).bind();
    project.script('train.py', script, { command: 'python train.py' });
    project.write('src/data.py', data);
    return { project, client: await startClient(project) };
}

/** @param {Project} project */
async function startClient(project) {
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder, auth: 'servicePrincipal' });
    return client;
}

/** Submits the project's script. @param {Project} project @param {LanguageClient} client */
async function submit(project, client) {
    const uri = pathToFileURL(project.path('train.job.json')).href;
    const command = { command: 'azureml.submit', arguments: [uri] };
    return client.request('workspace/executeCommand', command);
}

/** @param {LanguageClient} client @param {string} id */
async function ended(client, id) {
    const isIt = (/** @type {any} */ run) => run.id === id && run.isFinal;
    await client.notified('runs/didChange', ({ runs }) => runs.some(isIt));
}

test('the line that raised the exception is a problem of the script, until its next run', async () => {
    const { project, client } = await failingProject();
    const uri = pathToFileURL(project.path('src/data.py')).href;
    const problems = (/** @type {number} */ count) =>
        client.notified(
            'textDocument/publishDiagnostics',
            (params) => params.uri === uri && params.diagnostics.length === count,
        );
    const run = await submit(project, client);
    const { diagnostics } = await problems(1);
    assert.deepEqual(diagnostics, [
        {
            range: { start: { line: 4, character: 4 }, end: { line: 4, character: 42 } },
            severity: 1,
            source: 'Azure ML',
            message: `ValueError: no data in /datasets/digits (run ${run.displayName})`,
        },
    ]);

    project.write('src/data.py', 'def load(name):\n    print(name)\n');
    const next = await submit(project, client);
    await problems(0);
    await ended(client, next.id);
    const { runs } = await client.request('runs/list', {});
    assert.equal(runs.find((/** @type {any} */ one) => one.id === next.id).status, 'Completed');
    await client.shutDown();
    project.remove();
});

test('what failed while no server ran is told by the next one, and by it alone', async () => {
    const { project, client } = await failingProject();
    const gate = join(project.base, 'gate');
    const waiting = `import os, time\nwhile not os.path.exists("${gate}"):\n    time.sleep(0.05)\n`;
    project.write('src/data.py', `${waiting}def load(name):\n    raise ValueError(name)\n`);
    const run = await submit(project, client);
    await client.notified('runs/didChange', ({ runs }) =>
        runs.some((/** @type {any} */ one) => one.id === run.id && one.status === 'Running'),
    );
    await client.program.kill();
    writeFileSync(gate, '');
    await until(async () => {
        const { body } = await emulator.arm('GET', run.id);
        return body.properties.status === 'Failed';
    }, 'the run has failed');

    const next = await startClient(project);
    const { diagnostics } = await next.notified('textDocument/publishDiagnostics');
    assert.equal(diagnostics[0].message, `ValueError: digits (run ${run.displayName})`);
    assert.equal(diagnostics[0].range.start.line, 4);
    assert.equal((await next.shutDown()).code, 0);

    const last = await startClient(project);
    assert.deepEqual((await last.request('runs/list', {})).runs, []);
    assert.equal((await last.shutDown()).code, 0);
    const told = last.notifications.filter(({ method }) => method === 'textDocument/publishDiagnostics');
    assert.deepEqual(told, []);
    project.remove();
});

test('a log is read from its end, and its paths are found here', async () => {
    const { project, client } = await failingProject();
    const { id } = await submit(project, client);
    await ended(client, id);

    const end = await client.request('runs/log', { id, offset: 0, last: 600 });
    assert.equal(end.path, 'user_logs/std_log.txt');
    assert.match(end.text, /^step \d+ of 300\n[^]*ValueError: no data in \/datasets\/digits\n/);
    assert.ok(end.offset > 0);
    assert.ok(end.nextOffset - end.offset <= 600);
    const rest = await client.request('runs/log', { id, offset: end.nextOffset, wait: true });
    assert.deepEqual(
        { text: rest.text, offset: rest.offset, complete: rest.complete },
        { text: '', offset: end.nextOffset, complete: true },
    );
    const whole = await client.request('runs/log', { id, offset: 0, last: 1_000_000 });
    assert.equal(whole.offset, 0);
    assert.ok(whole.text.endsWith(end.text));
    assert.equal(Buffer.byteLength(whole.text), whole.nextOffset);

    const [, inner = ''] = /File "([^"]*data\.py)", line 5/.exec(end.text) ?? [];
    const { uri } = await client.request('runs/source', { id, path: inner });
    assert.equal(uri, pathToFileURL(project.path('src/data.py')).href);
    const main = await client.request('runs/source', { id, path: 'train.py' });
    assert.equal(main.uri, pathToFileURL(project.path('train.py')).href);
    for (const path of ['/usr/lib/python3.11/runpy.py', '../outside.py', '/wd/missing.py', '']) {
        assert.deepEqual(await client.request('runs/source', { id, path }), {});
    }
    await client.shutDown();
    project.remove();
});
