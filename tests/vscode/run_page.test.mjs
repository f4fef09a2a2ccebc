// @ts-check
// The page about a run in a real VS Code: opened from the tree, live, and there again after a reload.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */

const onStage = stage({
    emulator: { seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] } },
    editor: (emulator) => ({ env: emulator.environment }),
});

/** Logs values of a metric, from one step to another. @param {Scene} scene @param {string} run @param {number} from @param {number} to */
async function log({ stage: { emulator } }, run, from, to) {
    const metrics = Array.from({ length: to - from }, (_, index) => {
        const step = from + index;
        return { key: 'train/loss', value: 1 / (step + 1), timestamp: 1_767_225_600_000 + step, step };
    });
    const address = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    const answer = await emulator.arm('POST', address, { run_id: run, metrics });
    assert.equal(answer.status, 200, JSON.stringify(answer));
}

onStage('a run is shown on its page', async (scene) => {
    const project = new Project(scene.stage.emulator).bind();
    const go = path.join(project.base, 'go');
    const waits = `import os, time\nwhile not os.path.exists(${JSON.stringify(go)}):\n    time.sleep(0.1)\n`;
    project.script('train.py', `${waits}raise ValueError("no cells")\n`, { experiment_name: 'page' });
    const workbench = await scene.window(project.folder);
    const shown = workbench.webPage;
    const violations = /** @type {string[]} */ ([]);
    workbench.page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });

    await scene.step('open it', async () => {
        await workbench.openFile('train.job.json');
        await workbench.lens('Submit Experiment').click();
        await workbench.notification('was submitted').waitFor();
        await workbench.answerNotification('was submitted', 'Show run');
        await workbench.treeRow(/train.*running/).waitFor();
        await workbench.chooseFromRowMenu(/train.*running/, 'Show run');
        await shown.getByRole('heading', { level: 1, name: 'train' }).waitFor();
        await shown.getByText('No metrics yet.').waitFor();
        await workbench.tab('train').last().waitFor();
    });

    const [run = ''] = [...scene.stage.emulator.createdJobs()].map(String);
    await scene.step('see its metrics grow', async () => {
        await log(scene, run, 0, 20);
        await shown.getByRole('figure', { name: /^train\/loss: .*points: 20/ }).waitFor();
        await shown.locator('.plot canvas').waitFor();
        await log(scene, run, 20, 30);
        await shown.getByRole('figure', { name: /^train\/loss: .*points: 30/ }).waitFor();
        await workbench.picture('run page 01 metrics');
    });

    await scene.step('lose the server', async () => {
        for (const id of scene.stage.running('serve')) process.kill(id, 'SIGKILL');
        await log(scene, run, 30, 40);
        await shown.getByRole('figure', { name: /^train\/loss: .*points: 40/ }).waitFor();
    });

    await scene.step('reload the window', async () => {
        await workbench.reload();
        await shown.getByRole('figure', { name: /^train\/loss: .*points: 40/ }).waitFor();
    });

    await scene.step('see why it failed, and go to the line', async () => {
        fs.writeFileSync(go, '');
        await shown.getByRole('heading', { name: /ValueError: no cells/ }).waitFor();
        await workbench.picture('run page 02 failed');
        await shown.getByRole('button', { name: /train\.py, line 4/ }).click();
        await workbench.tab('train.py').waitFor();
        await until(
            async () => /Ln 4\b/.test((await workbench.page.locator('.statusbar').textContent()) ?? ''),
            'the cursor on line 4',
        );
    });
    assert.deepEqual(violations, []);
});
