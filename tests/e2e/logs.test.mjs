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
    const workspace = { computes: [{ name: 'cpu-cluster' }], experiments: [{ name: 'logs', runs: 0 }] };
    emulator = await Emulator.start({ seed: { workspaces: [workspace] }, args: ['--node-start', '50'] });
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

/** A run whose logs are there from the start. @param {string} name @param {Record<string, string>} logs */
async function runWithLogs(name, logs) {
    const runs = `/history/v1.0${emulator.workspaceId}/experiments/logs/batch/runs`;
    const made = { runs: [{ runId: name, status: 'Completed' }] };
    assert.equal((await emulator.arm('PATCH', runs, made)).status, 200);
    for (const [path, text] of Object.entries(logs)) await emulator.leaveFile(name, path, text);
    return `${emulator.workspaceId}/jobs/${name}`;
}

const printed = 'user_logs/std_log.txt';
const lines = Array.from({ length: 50_000 }, (_, i) => `step ${i} loss=${(i * 7919) % 1000}\r\n`);

test('a log is searched from a terminal', async () => {
    await runWithLogs('searched', {
        [printed]: lines.join(''),
        'azureml-logs/20_image_build_log.txt': 'no \x1B[31mLOSS\x1B[0m here\n',
    });
    const project = new Project(emulator).bind();
    const found = await project.json(['logs', 'searched', '--search', 'step 4999 ']);
    assert.deepEqual(found.values, [{ path: printed, line: 5000, text: 'step 4999 loss=81' }]);
    const either = ['logs', 'searched', '--search', '^(no|step 31) l.SS', '--regex', '--ignore-case'];
    assert.equal(
        (await project.aml(either)).stdout,
        `${printed}:32: step 31 loss=489\nazureml-logs/20_image_build_log.txt:1: no LOSS here\n`,
    );
    const one = await project.json([...either, '--file', 'azureml-logs/20_image_build_log.txt']);
    assert.equal(one.values.length, 1);
    const all = await project.json(['logs', 'searched', '--search', 'loss=']);
    assert.equal(all.values.length, lines.length);

    const none = await project.aml(['logs', 'searched', '--search', 'nowhere']);
    assert.deepEqual([none.code, none.stdout], [0, '']);
    assert.match(none.stderr, /No line of the run's logs has this\./);
    const wrong = await project.aml(['logs', 'searched', '--search', '(', '--regex']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /The regular expression \( is not complete/);
    const followed = await project.aml(['logs', 'searched', '--search', 'a', '--follow']);
    assert.match(followed.stderr, /without --follow/);
    assert.match((await project.aml(['logs', 'searched', '--regex'])).stderr, /how --search TEXT is meant/);
    project.remove();
});

test('an editor searches a log that it has not loaded, and opens what stands around a line', async () => {
    const id = await runWithLogs('searched_there', { [printed]: lines.join('') });
    const project = new Project(emulator).bind();
    const client = await startClient(project);
    const query = encodeURIComponent(new URLSearchParams({ run: id, path: printed }).toString());
    const log = `azureml-log:/searched_there/std_log.txt?${query}`;
    const search = (/** @type {unknown[]} */ ...used) =>
        client.request('workspace/executeCommand', { command: 'azureml.log.search', arguments: used });
    const typed = ['/loss=81$/', 'STEP 1', '/(/'];
    client.on('ui/input', async ({ token }) => {
        const value = typed.shift() ?? '';
        const { message } = await client.request('ui/validateInput', { token, value });
        if (message !== undefined) return { kind: 'cancelled', message };
        return { kind: 'entered', value };
    });
    /** @type {any} */
    let shown;
    client.on('window/showDocument', (params) => {
        shown = params;
        return { success: true };
    });
    const filled = async (/** @type {string} */ token) => {
        const isIt = (/** @type {any} */ params) => params.token === token && !params.busy;
        return (await client.notified('ui/didChangePick', isIt)).items;
    };

    client.on('ui/pick', async ({ token, title, busy }) => {
        assert.deepEqual([title, busy], ['Search in std_log.txt', true]);
        const items = await filled(token);
        assert.equal(items.length, 51);
        assert.equal(items[0].label, '50 lines');
        assert.deepEqual(items[5], {
            id: '4',
            label: 'step 4999 loss=81',
            description: 'std_log.txt:5000',
        });
        return { kind: 'picked', ids: ['4'] };
    });
    const uri = await search(log, null);
    assert.equal(shown.uri, uri);
    assert.match(uri, /^azureml-run:\/std_log\.txt-5000\.log\?/);
    const { text } = await client.request('runs/document', { uri });
    assert.equal(text.split('\n')[shown.selection.start.line], 'step 4999 loss=81');

    client.on('ui/pick', async ({ token, actions }) => {
        const items = await filled(token);
        assert.equal(items[0].label, 'The first 1000 lines');
        assert.equal(items.length, 1001);
        return { kind: 'action', action: actions[0].id, ids: [], typed: '' };
    });
    const all = await client.request('runs/document', { uri: await search(null, log) });
    assert.equal(all.text.split('\n').length, 11_111 + 1);
    assert.ok(all.text.startsWith(`${printed}:2: step 1 loss=919\n`));

    assert.equal(await search(id, null), null); // What was typed is no expression: it is not searched for.
    await assert.rejects(search('azureml-log:/x', null), /expected the log of a run/);
    await client.shutDown();
    project.remove();
});

for (const [layout, first, second] of [
    ['the common runtime', 'user_logs/std_log_process_00.txt', 'user_logs/std_log_process_01.txt'],
    ['the legacy runtime', 'azureml-logs/70_driver_log_0.txt', 'azureml-logs/70_driver_log_1.txt'],
]) {
    test(`processes of ${layout} are read as one log`, async () => {
        const at = (/** @type {number} */ second) =>
            `2026-11-28 10:00:${String(second).padStart(2, '0')},000`;
        const name = `ranks_${layout.split(' ')[1]}`;
        const id = await runWithLogs(name, {
            [first]: `${at(1)} a\nmore of a\n${at(3)} c`,
            [second]: `${at(2)} b\n${at(4)} d\n`,
        });
        const merged = `[0] ${at(1)} a\n[0] more of a\n[1] ${at(2)} b\n[0] ${at(3)} c\n[1] ${at(4)} d\n`;
        const project = new Project(emulator).bind();
        assert.equal((await project.aml(['logs', name, '--all-ranks'])).stdout, merged);
        const followed = await project.aml(['logs', name, '--all-ranks', '--follow']);
        assert.equal(followed.stdout, merged);
        const both = ['logs', name, '--all-ranks', '--search', 'd'];
        assert.equal((await project.aml(both)).stdout, `${second}:2: ${at(4)} d\n`);
        const wrong = await project.aml(['logs', name, '--all-ranks', '--file', first]);
        assert.match(wrong.stderr, /give one of them/);

        const client = await startClient(project);
        const { files, path } = await client.request('runs/log', { id, offset: 0, last: 1 });
        assert.equal(path, first);
        assert.deepEqual(files, [first, 'all_ranks.log', second]);
        const about = { id, path: 'all_ranks.log' };
        const whole = await client.request('runs/log', { ...about, offset: 0, last: 4_000_000 });
        assert.equal(whole.text, merged);
        const end = await client.request('runs/log', { ...about, offset: whole.nextOffset, wait: true });
        assert.deepEqual([end.text, end.complete], ['', true]);
        // Another server knows nothing of what was read.
        const again = await client.request('runs/log', { ...about, offset: 77 });
        assert.deepEqual([again.text, again.restarted, again.offset], [merged, true, 0]);
        await client.shutDown();
        project.remove();
    });
}
