// @ts-check
// The table of an experiment's runs in a real VS Code: opened from the tree, live, there again after a reload, and with
// views that are a file of the folder.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

const onStage = stage({
    emulator: {
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] },
        args: ['--node-start', '50'],
    },
    editor: (emulator) => ({ env: emulator.environment }),
});

onStage('the runs of an experiment are a table', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("trained")\n', { experiment_name: 'many' });
    const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    /** @type {string[]} */
    const runs = [];
    for (const [rate, best] of /** @type {const} */ ([
        ['0.1', 0.5],
        ['0.01', 0.9],
    ])) {
        const run = await project.json(['run', 'train.job.json', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        const { name } = run.values.at(-1);
        runs.push(name);
        const metrics = Array.from({ length: 20 }, (_, step) => {
            return {
                key: 'accuracy',
                value: (best * (step + 1)) / 20,
                timestamp: 1_767_225_600_000 + step,
                step,
            };
        });
        const body = { run_id: name, metrics, params: [{ key: 'rate', value: rate }] };
        assert.equal((await emulator.arm('POST', batch, body)).status, 200);
    }
    const workbench = await scene.window(project.folder);
    const shown = workbench.webPage;
    const violations = /** @type {string[]} */ ([]);
    workbench.page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });

    await scene.step('open it', async () => {
        await workbench.openSidebar();
        await workbench.expand('Demo Subscription', 'demo-workspace', 'Experiments');
        await workbench.chooseFromRowMenu('many', 'Show runs as a table');
        await shown.getByText('2 runs', { exact: true }).waitFor();
        await shown.getByRole('gridcell', { name: '0.9', exact: true }).waitFor();
        await workbench.tab('many').waitFor();
    });

    await scene.step('plot both', async () => {
        for (const mark of await shown.locator('.mark').all()) await mark.click();
        await shown.getByRole('figure', { name: /^accuracy of .*; points: 40$/ }).waitFor();
        await workbench.picture('runs table 01 plots');
    });

    const file = path.join(project.folder, '.azureml/views.json');
    await scene.step('filter, and keep it under a name', async () => {
        await shown.getByRole('searchbox', { name: 'Filter', exact: true }).fill('accuracy > 0.6');
        await shown.getByText('1 of 2 runs').waitFor();
        await shown.getByRole('button', { name: 'Views' }).click();
        await shown.getByRole('textbox', { name: 'Name of this view' }).fill('good ones');
        await shown.getByRole('button', { name: 'Save', exact: true }).click();
        await shown.getByRole('button', { name: 'good ones', exact: true }).waitFor();
        await until(() => fs.existsSync(file), 'the file');
        const [views] = Object.values(JSON.parse(fs.readFileSync(file, 'utf8')));
        assert.deepEqual(views, { 'good ones': { filter: 'accuracy > 0.6', sort: [] } });
    });

    await scene.step('turn to a file and back', async () => {
        await workbench.page.keyboard.press('Escape');
        await workbench.openFile('train.py');
        await workbench.tab('many').click();
        await shown.getByText('1 of 2 runs').waitFor();
        await shown.getByRole('figure', { name: /points: 40$/ }).waitFor();
        await workbench.picture('runs table 02 again');
    });

    // VS Code stores what a page keeps every few seconds, and which pages there are at once.
    await scene.step('reload the window', async () => {
        await workbench.reload();
        // Which of its tabs is in front after a reload is VS Code's own affair.
        await workbench.tab('many').click();
        await shown.getByRole('heading', { level: 1, name: 'many' }).waitFor();
        await shown.locator('.run-name').first().waitFor();
    });

    await scene.step('open a run', async () => {
        await shown.locator('.run-name').first().click();
        await shown.getByRole('heading', { level: 1, name: 'train' }).waitFor();
    });
    assert.deepEqual(violations, []);
});
