// @ts-check
// What a page about a run shows, as an editor asks for it: live while the run goes on, and all of it at the end.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** Goes on until the test lets it end. */
const waits = (/** @type {string} */ go, then = '') => `
import os, time
os.makedirs("outputs/plots", exist_ok=True)
open("outputs/notes.txt", "w").write("<script>alert(1)</script>\\n")
open("outputs/plots/curve.png", "wb").write(b"\\x89PNG....")
open("outputs/model.bin", "wb").write(bytes(range(256)))
while not os.path.exists(${JSON.stringify(go)}):
    time.sleep(0.05)
${then}
`;

/** A job that goes on, and an editor that looks at it. @param {{ then?: string, display?: string }} [options] */
async function started({ then = '' } = {}) {
    const emulator = await Emulator.start({ args: ['--node-start', '50'] });
    const project = new Project(emulator).bind();
    const go = join(project.base, 'go');
    project.script('train.py', waits(go, then));
    const client = new LanguageClient({ env: project.environment, cwd: project.folder });
    client.on('window/showDocument', () => ({ success: true }));
    await client.initialize({ stateDirectory: join(project.base, 'editor') });
    const configuration = pathToFileURL(project.path('train.job.json')).href;
    const run = await client.request('workspace/executeCommand', {
        command: 'azureml.submit',
        arguments: [configuration],
    });
    const id = `${emulator.workspaceId}/jobs/${run.name}`;
    const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    /** @param {Record<string, unknown>} body */
    const log = async (body) => {
        const answer = await emulator.arm('POST', batch, { run_id: run.name, ...body });
        assert.equal(answer.status, 200, JSON.stringify(answer));
    };
    /** The first view that fits. @param {(view: any) => boolean} fits */
    const viewed = async (fits) => {
        for (let revision; ;) {
            const view = await client.request('runs/view', {
                id,
                ...(revision === undefined ? {} : { revision }),
            });
            assert.ok(revision === undefined || view.revision > revision, 'a view that is shown comes again');
            if (fits(view)) return view;
            revision = view.revision;
        }
    };
    const end = async () => {
        if (client.program.child.exitCode === null) await client.shutDown();
        project.remove();
        await emulator.stop();
    };
    return { emulator, project, client, run, id, log, viewed, end };
}

/** @param {string} base64 */
function numbers(base64) {
    const bytes = Buffer.from(base64, 'base64');
    return [...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
}

/** @param {number} from @param {number} to */
const points = (from, to) => ({
    metrics: Array.from({ length: to - from }, (_, index) => ({
        key: 'loss',
        value: 1 / (from + index + 1),
        timestamp: 1_767_225_600_000 + from + index,
        step: from + index,
    })),
});

test('a run is watched to its end', async () => {
    const { project, client, id, log, viewed, end } = await started();
    const running = await viewed(({ status }) => status === 'Running');
    assert.equal(running.title, 'train');
    assert.equal(running.experiment, 'e2e');
    assert.deepEqual(
        running.stages.map((/** @type {any} */ { state }) => state),
        ['done', 'active'],
    );
    assert.equal(running.failure, undefined);
    assert.equal(JSON.parse(running.configuration).command, 'python train.py');
    assert.equal(running.script, pathToFileURL(project.path('train.py')).href);

    await log(points(0, 3));
    const first = await viewed(({ metrics }) => metrics.length === 1);
    assert.deepEqual(first.metrics, [
        { name: 'loss', kind: 'scalar', value: '0.333333', columns: ['loss'], revision: 1 },
    ]);
    const request = { id, axis: 'step', width: 100, metrics: [{ metric: 'loss' }] };
    const { series } = await client.request('runs/series', request);
    assert.deepEqual(numbers(series[0].x), [0, 1, 2]);
    assert.deepEqual(numbers(series[0].y), [1, 1 / 2, 1 / 3]);
    assert.equal(series[0].points, 3);

    await log(points(3, 5));
    const second = await viewed(({ metrics }) => metrics[0]?.revision > 1);
    assert.equal(second.metrics[0].value, '0.2');
    const grown = await client.request('runs/series', {
        ...request,
        metrics: [{ metric: 'loss', after: 3 }],
    });
    assert.equal(grown.series[0].first, 3);
    assert.deepEqual(numbers(grown.series[0].y), [1 / 4, 1 / 5]);
    assert.ok(JSON.stringify(grown).length < 1000, 'a tick is small');

    await log(points(5, 6));
    let told = await client.request('runs/viewChanges', { id, revision: second.revision });
    while (told.items?.metrics?.loss === undefined) {
        assert.equal(told.view, undefined);
        told = await client.request('runs/viewChanges', { id, revision: told.revision });
    }
    assert.equal(told.items.metrics.loss.value, '0.166667');
    assert.ok(JSON.stringify(told).length < 1000, 'a change is small');
    const { view } = await client.request('runs/viewChanges', { id, revision: 7 });
    assert.equal(view.title, 'train');

    await log({
        params: [{ key: 'depth', value: '3' }],
        tags: [
            { key: 'team', value: 'vision' },
            { key: 'mlflow.user', value: 'nobody' },
        ],
    });
    project.write('../go', '');
    const over = await viewed(({ isFinal, files }) => isFinal && files.length > 0);
    assert.equal(over.status, 'Completed');
    assert.deepEqual(
        over.stages.map((/** @type {any} */ { state }) => state),
        ['done', 'done'],
    );
    assert.deepEqual(over.parameters, [{ name: 'depth', text: '3' }]);
    assert.deepEqual(over.tags, [{ name: 'team', text: 'vision' }]);
    assert.deepEqual(
        over.files.map((/** @type {any} */ { path }) => path),
        ['outputs/model.bin', 'outputs/notes.txt', 'outputs/plots/curve.png'],
    );
    assert.deepEqual(over.images, [
        { name: 'outputs/plots/curve.png', steps: [{ path: 'outputs/plots/curve.png' }] },
    ]);
    assert.equal(over.logs[0], 'user_logs/std_log.txt');

    const shown = await client.request('runs/file', { id, path: 'outputs/notes.txt' });
    assert.deepEqual(shown, { kind: 'text', size: 26, complete: true, text: '<script>alert(1)</script>\n' });
    const picture = await client.request('runs/file', { id, path: 'outputs/plots/curve.png' });
    assert.equal(picture.mediaType, 'image/png');
    assert.equal(Buffer.from(picture.data, 'base64').toString('latin1'), '\x89PNG....');
    assert.equal((await client.request('runs/file', { id, path: 'outputs/model.bin' })).kind, 'binary');
    await assert.rejects(
        client.request('runs/file', { id, path: 'outputs/none.txt' }),
        /has no file outputs\/none\.txt/,
    );
    await end();
});

test('what is over costs no further call, and what nobody looks at costs none', async () => {
    const { emulator, project, client, id, log, viewed, end } = await started();
    await log(points(0, 2));
    project.write('../go', '');
    const { revision } = await viewed(({ isFinal, metrics }) => isFinal && metrics.length > 0);
    const request = { id, axis: 'step', width: 100, metrics: [{ metric: 'loss' }] };
    await client.request('runs/series', request);
    const asked = () => emulator.exchanges(({ url }) => /\/(metric|artifact)\/v2\.0/.test(url)).length;
    const before = asked();
    const waiting = client.start('runs/view', { id, revision });
    for (let times = 0; times < 3; times += 1) await client.request('runs/series', request);
    assert.equal(asked(), before);
    waiting.cancel();
    await waiting.result.catch(() => {}); // What its end changed may have been told.
    await end();
});

test('a page about a run that is over is there at once after a start, with its plots', async () => {
    const { emulator, project, client, end } = await started();
    const mlflow = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow`;
    const experiments = `/history/v1.0${emulator.workspaceId}/experiments/e2e/batch/runs`;
    await emulator.arm('PATCH', experiments, { runs: [{ runId: 'long_over', displayName: 'long over' }] });
    await emulator.arm('POST', `${mlflow}/runs/log-batch`, { run_id: 'long_over', ...points(0, 1000) });
    const body = { run_id: 'long_over', status: 'FINISHED', end_time: Date.now() - 3_600_000 };
    assert.equal((await emulator.arm('POST', `${mlflow}/runs/update`, body)).status, 200);
    const id = `${emulator.workspaceId}/jobs/long_over`;
    const request = { id, axis: 'step', width: 1000, metrics: [{ metric: 'loss' }] };
    const page = await client.request('runs/view', { id });
    assert.equal(page.isFinal, true);
    const plot = await client.request('runs/series', request);
    assert.equal(plot.series[0].points, 1000);
    assert.equal(plot.series[0].packed.xUnit, 1);

    const next = async () => {
        const server = new LanguageClient({ env: project.environment, cwd: project.folder });
        await server.initialize({ stateDirectory: join(project.base, 'editor') });
        return server;
    };
    // What a server keeps it has written by the time it ends.
    await client.shutDown();
    const before = emulator.exchanges().length;
    const second = await next();
    assert.deepEqual(await second.request('runs/view', { id }), page);
    assert.deepEqual(await second.request('runs/series', request), plot);
    const asked = emulator.exchanges().slice(before);
    assert.deepEqual(
        asked.filter(({ url }) => url.includes('long_over')),
        [],
    );
    // What may have changed since is looked up once somebody looks on.
    const changed = await second.request('runs/viewChanges', { id, revision: page.revision });
    assert.ok(changed.revision > page.revision);
    assert.equal(changed.view.title, 'long over');
    await second.shutDown();

    // Damaged files are as good as none.
    const folder = join(project.base, 'editor', 'finished-runs');
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'damaged');
    const third = await next();
    assert.deepEqual((await third.request('runs/view', { id })).metrics, page.metrics);
    assert.deepEqual(await third.request('runs/series', request), plot);
    await third.shutDown();
    project.write('../go', '');
    await end();
});

test('a table is read by the window, and a column of it is plotted', async () => {
    const { emulator, client, run, id, viewed, end, project } = await started();
    const rows = Array.from({ length: 2500 }, (_, index) => ({
        step: index,
        data: { label: `row ${index}`, score: index / 2 },
    }));
    const metric = { name: 'scores', columns: { label: 'String', score: 'Double' }, value: rows };
    const address = `/metric/v2.0${emulator.workspaceId}/runs/${run.name}/batch`;
    assert.equal((await emulator.arm('POST', address, { values: [metric] })).status, 200);
    const view = await viewed(({ metrics }) => metrics.length === 1);
    assert.deepEqual(view.metrics, [
        { name: 'scores', kind: 'table', value: '', columns: ['label', 'score'], revision: 1 },
    ]);
    const { columns, total, ...shown } = await client.request('runs/table', {
        id,
        metric: 'scores',
        offset: 2498,
        count: 50,
    });
    assert.deepEqual(columns, ['label', 'score']);
    assert.equal(total, 2500);
    assert.deepEqual(shown.rows, [{ cells: ['row 2498', '1249'] }, { cells: ['row 2499', '1249.5'] }]);
    const metrics = [{ metric: 'scores', column: 'score' }];
    const { series } = await client.request('runs/series', { id, axis: 'step', width: 100, metrics });
    assert.equal(series[0].points, 2500);
    assert.equal(series[0].inRange, 2500);
    assert.ok(series[0].drawn <= 400, `${series[0].drawn} points are drawn in 100 columns`);
    const none = client.request('runs/series', {
        id,
        axis: 'step',
        width: 100,
        metrics: [{ metric: 'scores', column: 'no' }],
    });
    await assert.rejects(none, /has no such column/);
    project.write('../go', '');
    await end();
});

test('a file that says a chart is one, and one that says it wrongly is a text', async () => {
    const chart = { schema_type: 'residuals', data: { bin_edges: [0, 1, 2], bin_counts: [3, 4] } };
    const { project, client, id, viewed, end } = await started({
        then: `
open("outputs/residuals.json", "w").write('${JSON.stringify(chart)}')
open("outputs/broken.json", "w").write('{"schema_type": "residuals", "data":')
`,
    });
    project.write('../go', '');
    const { logged } = await viewed((view) => view.logged.length > 0);
    assert.deepEqual(
        logged.map((/** @type {any} */ { kind, path }) => [kind, path]),
        [['chart', 'outputs/residuals.json']],
    );
    const { kind, charts } = await client.request('runs/file', { id, path: 'outputs/residuals.json' });
    assert.deepEqual([kind, charts[0].kind, numbers(charts[0].lines[0].y)], ['chart', 'bars', [3, 4]]);
    const broken = await client.request('runs/file', { id, path: 'outputs/broken.json' });
    assert.equal(broken.kind, 'text');
    await end();
});

test('twenty runs that are plotted over each other are read once', async () => {
    const { emulator, project, client, end } = await started();
    const names = Array.from({ length: 20 }, (_, index) => `plotted-${index}`);
    const { workspaceId } = emulator;
    const runs = names.map((runId) => ({ runId, status: 'Completed' }));
    const made = await emulator.arm('PATCH', `/history/v1.0${workspaceId}/experiments/e2e/batch/runs`, {
        runs,
    });
    assert.equal(made.status, 200, JSON.stringify(made));
    const batch = `/mlflow/v2.0${workspaceId}/api/2.0/mlflow/runs/log-batch`;
    for (const run_id of names) await emulator.arm('POST', batch, { run_id, ...points(0, 3) });
    const plot = () =>
        Promise.all(
            names.map((name) =>
                client.request('runs/series', {
                    id: `${workspaceId}/jobs/${name}`,
                    axis: 'step',
                    width: 100,
                    metrics: [{ metric: 'loss' }],
                }),
            ),
        );
    await plot();
    for (const { series } of await plot()) assert.equal(series[0].points, 3);
    const reads = emulator.exchanges().filter(({ url }) => url.endsWith('/full'));
    assert.equal(reads.length, names.length);
    project.write('../go', '');
    await end();
});

test('a run that failed says where, in the local file', async () => {
    const { project, viewed, end } = await started({ then: 'import a_package_that_is_missing' });
    project.write('../go', '');
    const { failure, stages } = await viewed((view) => view.failure !== undefined);
    assert.match(failure.title, /^ModuleNotFoundError: No module named 'a_package_that_is_missing'/);
    assert.match(failure.advice, /a_package_that_is_missing/);
    const frame = failure.frames.at(-1);
    assert.equal(frame.uri, pathToFileURL(project.path('train.py')).href);
    assert.equal(project.read('train.py').split('\n')[frame.line - 1], 'import a_package_that_is_missing');
    assert.equal(failure.log, 'user_logs/std_log.txt');
    assert.equal(stages.at(-1).state, 'failed');
    await end();
});

test('bad questions are refused with what is wrong', async () => {
    const { client, id, end, project } = await started();
    const request = { id, axis: 'step', width: 100, metrics: [{ metric: 'loss' }] };
    await assert.rejects(client.request('runs/series', { ...request, width: 0 }), /\/params\/width/);
    await assert.rejects(client.request('runs/series', { ...request, smoothing: 1 }), /\/params\/smoothing/);
    await assert.rejects(client.request('runs/series', { ...request, id: 'x' }), /\/params\/id/);
    await assert.rejects(
        client.request('runs/table', { id, metric: 'm', offset: 0, count: 1001 }),
        /\/params\/count/,
    );
    await assert.rejects(client.request('runs/view', { id: `${id}_none` }), /has no run/);
    project.write('../go', '');
    await end();
});

test('files of a run and its code are saved where the user says, and two runs are compared', async () => {
    const { project, client, id, viewed, end } = await started();
    project.write('../go', '');
    await viewed(({ isFinal }) => isFinal);
    const folder = join(project.base, 'kept');
    client.on('ui/pickFolder', () => ({ uri: pathToFileURL(folder).href }));
    const execute = (/** @type {string} */ command, /** @type {unknown[]} */ ...args) =>
        client.request('workspace/executeCommand', { command, arguments: args });
    assert.equal(await execute('azureml.run.download', id), pathToFileURL(folder).href);
    assert.equal(readFileSync(join(folder, 'outputs/notes.txt'), 'utf8'), '<script>alert(1)</script>\n');
    await execute('azureml.run.restoreCode', id);
    assert.equal(readFileSync(join(folder, 'train.py'), 'utf8'), project.read('train.py'));
    assert.equal(readFileSync(join(folder, 'train.job.json'), 'utf8'), project.read('train.job.json'));

    project.write('train.py', 'print("other")\n');
    await assert.rejects(execute('azureml.run.restoreCode', `${id}_none`), /was sent without code/);
    writeFileSync(join(folder, 'train.py'), 'mine');
    await assert.rejects(
        execute('azureml.run.restoreCode', id),
        /train\.py exists already and is another file/,
    );
    assert.equal(readFileSync(join(folder, 'train.py'), 'utf8'), 'mine');

    const configuration = pathToFileURL(project.path('train.job.json')).href;
    const other = await execute('azureml.submit', configuration);
    const compared = await client.request('runs/compare', {
        left: id,
        right: `${id.replace(/[^/]+$/, other.name)}`,
    });
    assert.deepEqual([compared.left, compared.right], ['train', 'train']);
    assert.ok(compared.differences.some((/** @type {any} */ { key }) => key === 'codeId'));
    client.on('ui/pickFolder', () => ({}));
    assert.equal(await execute('azureml.run.download', id), null);
    await end();
});
