// @ts-check
// A sweep from its questions to its end: twelve trials of two parameters, four at a time, live in the tree, and the best
// of them named and on top.

import assert from 'node:assert/strict';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('../support/emulator.mjs').Emulator} Emulator */
/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const onStage = stage({
    // More nodes than trials that may run at a time, so that it is the sweep that holds the others back.
    emulator: {
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster', maxNodeCount: 8 }] }] },
        args: ['--node-start', '50'],
    },
    editor: (emulator) => ({
        env: emulator.environment,
        settings: { 'azureml.runEndNotification': 'always' },
    }),
});

const rates = [0.01, 0.03, 0.1, 0.5];
const depths = [3, 5, 8];

/** Waits for a file, and logs an accuracy that is best with a rate of 0.1 and a depth of 5. @param {string} go */
const script = (go) => `import argparse
import pathlib
import time

import tracking

parser = argparse.ArgumentParser()
parser.add_argument("--learning-rate", type=float, default=0.01)
parser.add_argument("--depth", type=int, default=3)
arguments = parser.parse_args()
while not pathlib.Path(${JSON.stringify(go)}).exists():
    time.sleep(0.05)
accuracy = 0.9 - abs(arguments.learning_rate - 0.1) / 2 - abs(arguments.depth - 5) / 20
tracking.log_metric("accuracy", round(accuracy, 3))
`;

/** What MLflow does, without its packages. */
const tracking = `import json
import os
import urllib.request


def log_metric(key, value):
    body = {"run_id": os.environ["AZUREML_RUN_ID"], "key": key, "value": value, "step": 0, "timestamp": 0}
    headers = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
    address = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric"
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), headers)).read()
`;

onStage('twelve trials of two parameters, four at a time, to the best one', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator).bind();
    const go = project.path('../go');
    project.write('train.py', script(go));
    project.write('tracking.py', tracking);
    const workbench = await scene.window(project.folder);
    const shown = workbench.webPage;

    await scene.step('answer what a run needs', async () => {
        await workbench.chooseFromFileMenu('train.py', 'Azure ML: Sweep…');
        await workbench.pick('Azure ML: workspace', 'demo-workspace');
        await workbench.pick('experiment', 'Create new experiment');
        await workbench.type('Create new experiment', 'digits');
        await workbench.pick('Azure ML: compute', 'cpu-cluster');
        await workbench.pick('compute configuration', 'SkLearn');
        await workbench.step('Azure ML: packages');
        await workbench.press('Enter');
    });
    await scene.step('answer what a sweep needs', async () => {
        await workbench.step('Azure ML: parameters to try');
        await workbench.check('learning_rate', 'depth');
        await workbench.picture('sweep 01 parameters');
        await workbench.confirm();
        await workbench.step('Azure ML: values of learning_rate');
        await workbench.quickInput.getByText('loguniform takes exponents').waitFor();
        await workbench.field.fill('choice(0.01');
        await workbench.quickInput.getByText('Expected choice(A,B,…)').waitFor();
        await workbench.picture('sweep 02 values that cannot be read');
        await workbench.type('Azure ML: values of learning_rate', `choice(${rates})`);
        await workbench.type('Azure ML: values of depth', `choice(${depths})`);
        await workbench.step('Azure ML: metric of the sweep');
        await workbench.picture('sweep 03 metric');
        await workbench.choose('accuracy');
        await workbench.pick('Azure ML: goal of the sweep', 'The larger the better');
        await workbench.step('Azure ML: trials of the sweep');
        await workbench.quickInput.getByText('there are 12 combinations').waitFor();
        assert.equal(await workbench.field.inputValue(), '12');
        await workbench.press('Enter');
        await workbench.step('Azure ML: trials at a time');
        assert.equal(await workbench.field.inputValue(), '4');
        await workbench.press('Enter');
        await workbench.tab('train.sweep.job.json').waitFor();
    });
    await scene.step('read what was written', async () => {
        const written = JSON.parse(project.read('train.sweep.job.json'));
        assert.equal(written.type, 'sweep');
        assert.deepEqual(written.search_space.learning_rate, { type: 'choice', values: rates });
        assert.deepEqual(written.search_space.depth, { type: 'choice', values: depths });
        assert.deepEqual(written.limits, { max_total_trials: 12, max_concurrent_trials: 4 });
        // VS Code asks for no lens of an editor that has lost the focus meanwhile.
        await workbench.lens('Submit Experiment').waitFor();
        await workbench.lens('cpu-cluster ·').waitFor();
        await workbench.openSidebar();
        await workbench.picture('sweep 04 configuration');
    });
    await scene.step('submit it', async () => {
        await workbench.lens('Submit Experiment').click();
        await workbench.answerNotification('was submitted', 'Show run');
    });
    const [sweep = ''] = [...emulator.createdJobs()];
    const row = workbench.treeRow(/^train/).first();
    const trials = workbench.treeRow(/learning_rate/);
    await scene.step('see four of them run', async () => {
        await row.waitFor();
        // As wide as their parameters and metric need.
        await workbench.widenSidebar(260);
        await workbench.expand(/^train/);
        await until(async () => (await trialsOf(emulator, sweep)).filter(isRunning).length === 4, 'four run');
        const running = workbench.treeRow(/learning_rate.*running/);
        await until(async () => (await running.count()) === 4, 'four rows say so');
        await workbench.picture('sweep 05 four at a time');
        assert.equal((await trialsOf(emulator, sweep)).length, 4, 'the others have not begun');
    });
    await scene.step('see them end, and the best on top', async () => {
        project.write('../go', '');
        await workbench.notification(/train completed after .* · best accuracy 0\.9 in trial 7/).waitFor();
        await workbench.picture('sweep 06 notification');
        await workbench.treeRow(/^train.*completed.*best accuracy 0\.9/).waitFor();
        const texts = async () =>
            (await trials.allTextContents()).map((text) => text.replaceAll('\u00a0', ' '));
        const rows = await until(async () => {
            const all = await texts();
            const isDone = all.length === 12 && all.every((text) => /accuracy.*completed/.test(text));
            return isDone && /best/.test(all[0] ?? '') ? all : undefined;
        }, 'twelve rows with their accuracy, the best on top');
        assert.match(rows[0] ?? '', /depth 5, learning_rate 0\.1\s*best · accuracy 0\.9 · completed/);
        assertFalling(rows.map((text) => Number(/accuracy ([\d.]+)/.exec(text)?.[1])));
        await workbench.picture('sweep 07 the best on top');
    });
    await scene.step('know that each has run once, and four at most at a time', async () => {
        const all = await trialsOf(emulator, sweep);
        assert.deepEqual(
            all.map(({ runId }) => runId).sort(),
            Array.from({ length: 12 }, (_, index) => `${sweep}_${index}`).sort(),
        );
        const wanted = rates.flatMap((rate) => depths.map((depth) => `${rate} ${depth}`));
        const tried = all.map(({ tags }) => {
            const { learning_rate: rate, depth } = JSON.parse(tags.hyperparameters);
            return `${rate} ${depth}`;
        });
        assert.deepEqual(tried.sort(), wanted.sort());
        assert.ok(
            all.every(({ status }) => status === 'Completed'),
            'all have completed',
        );
        assert.equal(mostAtOnce(all), 4);
        assert.deepEqual([...emulator.createdJobs()], [sweep]);
    });
    await scene.step('see its page', async () => {
        await workbench.answerNotification(/train.*completed after/, 'Show run');
        await shown.getByRole('heading', { level: 1, name: 'train' }).waitFor();
        await shown.locator('.status', { hasText: 'completed' }).waitFor();
        await shown.getByRole('heading', { name: 'Configuration' }).waitFor();
        await shown.getByText('7 · accuracy 0.9').waitFor();
        await workbench.picture('sweep 08 page');
    });
    await scene.step('see them as a table, the best first', async () => {
        await workbench.chooseFromRowMenu('digits', 'Show runs as a table');
        await shown.getByRole('heading', { level: 1, name: 'digits' }).waitFor();
        await workbench.press('Control+B');
        const heading = shown.getByRole('columnheader', { name: 'accuracy', exact: true });
        await heading.click();
        await shown.locator('[role="columnheader"][aria-sort="descending"]').waitFor();
        const place = await heading.getAttribute('aria-colindex');
        const cells = shown.locator(`[role="gridcell"][aria-colindex="${place}"]`);
        const numbers = await until(async () => {
            const texts = (await cells.allTextContents()).filter((text) => text !== '');
            return texts.length === 12 && texts[0] === '0.9' ? texts.map(Number) : undefined;
        }, 'the table has them');
        assertFalling(numbers);
        await shown.getByText('7: depth 5, learning_rate 0.1').waitFor();
        await workbench.picture('sweep 09 table');
    });
    project.remove();
});

/**
 * What run history has of a trial.
 * @typedef {{ runId: string, status: string, startTimeUtc?: string, endTimeUtc?: string, tags: { hyperparameters: string } }} Trial
 */

/** @param {Emulator} emulator @param {string} sweep @returns {Promise<Trial[]>} */
async function trialsOf(emulator, sweep) {
    const address = `/history/v1.0${emulator.workspaceId}/experiments/digits/runs/${sweep}/children`;
    return (await emulator.arm('GET', address)).body.value;
}

/** @param {Trial} trial */
function isRunning({ status }) {
    return status === 'Running';
}

/** How many have run at the same time, by the times that run history has. @param {Trial[]} all */
function mostAtOnce(all) {
    const moments = all.flatMap(({ startTimeUtc, endTimeUtc }) => [
        { at: Date.parse(startTimeUtc ?? ''), change: 1 },
        { at: Date.parse(endTimeUtc ?? ''), change: -1 },
    ]);
    assert.ok(
        moments.every(({ at }) => Number.isFinite(at)),
        'each has begun and ended',
    );
    // One that ends makes room for one that begins in the same moment.
    moments.sort((left, right) => left.at - right.at || left.change - right.change);
    let now = 0;
    return moments.reduce((most, { change }) => Math.max(most, (now += change)), 0);
}

/** @param {number[]} numbers */
function assertFalling(numbers) {
    assert.equal(numbers.length, 12);
    const sorted = [...numbers].sort((left, right) => right - left);
    assert.deepEqual(numbers, sorted);
}
