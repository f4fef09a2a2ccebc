// @ts-check
// MLflow's own tracking client against the emulator.

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { killWhatRuns } from '../support/processes.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

describe('mlflow', () => {
    /** @type {World} */
    let world;
    /** @type {import('./program.mjs').Client} */
    let mlflow;

    before(async () => {
        world = await World.start();
        const { ready, workspaceId } = world.emulator;
        mlflow = world.python('mlflow', 'mlflow_tracking.py', {
            TRACKING_URI: `${ready.armEndpoint}/mlflow/local${workspaceId}`,
        });
    });
    after(() => world?.stop());

    /** @param {string} experiment @param {string} name @param {Record<string, unknown>} [more] */
    const logRun = (experiment, name, more = {}) =>
        mlflow.call('log_run', { experiment, name, params: {}, metrics: {}, tags: {}, ...more });

    test('logs parameters, metrics with steps and tags, and reads them back', async () => {
        const run = await logRun('logging', 'first', {
            params: { rate: '0.1', layers: '3' },
            metrics: { loss: [1.5, 0.75, 0.5], accuracy: [0.5] },
            tags: { team: 'vision', 'with space': 'ünïcode' },
        });
        assert.equal(run.name, 'first');
        assert.equal(run.status, 'FINISHED');
        assert.equal(run.ended, true);
        assert.deepEqual(run.params, { rate: '0.1', layers: '3' });
        assert.deepEqual(run.metrics, { loss: 0.5, accuracy: 0.5 });
        assert.equal(run.tags.team, 'vision');
        assert.equal(run.tags['with space'], 'ünïcode');
        const tags = await mlflow.call('remove_tag', { run_id: run.id, key: 'team' });
        assert.equal('team' in tags, false);
    });

    test('gives the history of a metric, step by step', async () => {
        const run = await logRun('history', 'steps', { metrics: { loss: [3, 2, 1] } });
        assert.deepEqual(await mlflow.call('history', { run_id: run.id, key: 'loss' }), [
            [0, 3],
            [1, 2],
            [2, 1],
        ]);
        await mlflow.call('log_batch', { run_id: run.id, count: 900 });
        const batch = await mlflow.call('history', { run_id: run.id, key: 'batch' });
        assert.equal(batch.length, 900);
        assert.deepEqual(batch.at(-1), [899, 449.5]);
        const described = await mlflow.call('describe', { run_id: run.id });
        assert.equal(described.params.p9, '9');
        assert.equal(described.tags.batched, 'yes');
    });

    test('keeps values that are not finite', async () => {
        const run = await logRun('history', 'special');
        assert.deepEqual(await mlflow.call('log_special_values', { run_id: run.id }), ['nan', 'inf', '-inf']);
    });

    test('refuses to change a parameter, and names a run that is not there', async () => {
        const run = await logRun('logging', 'fixed', { params: { rate: '0.1' } });
        const refusal = await mlflow.call('change_param', { run_id: run.id, key: 'rate', value: '0.2' });
        assert.equal(refusal.code, 'INVALID_PARAMETER_VALUE');
        assert.match(refusal.message, /rate/);
        assert.equal(await mlflow.call('missing_run'), 'RESOURCE_DOES_NOT_EXIST');
    });

    test('marks a run whose code raises as failed', async () => {
        const run = await mlflow.call('failed_run', { experiment: 'logging' });
        assert.equal(run.status, 'FAILED');
    });

    test('searches runs by metric, parameter, tag and name, in order and page by page', async () => {
        for (const [index, loss] of [0.9, 0.3, 0.6].entries()) {
            await logRun('search', `run-${index}`, {
                params: { rate: `${index}` },
                metrics: { loss: [loss] },
                tags: { parity: index % 2 === 0 ? 'even' : 'odd' },
            });
        }
        const search = (/** @type {Record<string, unknown>} */ options) =>
            mlflow.call('search', { experiment: 'search', ...options });
        assert.deepEqual(await search({ order: ['metrics.loss ASC'] }), ['run-1', 'run-2', 'run-0']);
        assert.deepEqual(await search({ condition: 'metrics.loss < 0.5' }), ['run-1']);
        assert.deepEqual(await search({ condition: "params.rate = '2'" }), ['run-2']);
        const even = "tags.parity = 'even' and metrics.loss > 0.7";
        assert.deepEqual(await search({ condition: even }), ['run-0']);
        assert.deepEqual(
            await search({
                condition: "attributes.run_name LIKE 'run-%'",
                most: 1,
                order: ['params.rate DESC'],
            }),
            ['run-2', 'run-1', 'run-0'],
        );
        assert.deepEqual(await mlflow.call('table', { experiment: 'search' }), [
            ['run-1', '1', 0.3],
            ['run-2', '2', 0.6],
            ['run-0', '0', 0.9],
        ]);
    });

    test('finds experiments, deleted and restored runs, and the children of a run', async () => {
        const run = await logRun('life', 'one');
        assert.ok((await mlflow.call('experiments')).includes('life'));
        const [without, restored] = await mlflow.call('delete_and_restore', {
            run_id: run.id,
            experiment: 'life',
        });
        assert.deepEqual(without, []);
        assert.deepEqual(restored, ['one']);
        const [found, child] = await mlflow.call('nested', { experiment: 'life' });
        assert.deepEqual(found, [child]);
    });

    test('logs artifacts, lists them and downloads them', async () => {
        const run = await logRun('artifacts', 'one');
        const project = world.project({ 'out/a.txt': 'A', 'out/deep/b c.txt': 'B', 'out/empty.txt': '' });
        await mlflow.call('log_artifacts', { run_id: run.id, folder: project.path('out') });
        assert.deepEqual(await mlflow.call('list_artifacts', { run_id: run.id }), [
            ['data', true, null],
            ['notes', true, null],
            ['numbers.json', false, 12],
        ]);
        assert.deepEqual(await mlflow.call('list_artifacts', { run_id: run.id, path: 'data' }), [
            ['data/a.txt', false, 1],
            ['data/deep', true, null],
            ['data/empty.txt', false, 0],
        ]);
        const folder = mkdtempSync(join(world.folder, 'download-'));
        assert.deepEqual(await mlflow.call('download_artifacts', { run_id: run.id, path: 'data', folder }), {
            'data/a.txt': 'A',
            'data/deep/b c.txt': 'B',
            'data/empty.txt': '',
        });
    });
});
