// @ts-check
// The log of a run as a document: to its end, with colours and links, of any size, while everything else goes on.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const onStage = stage({
    emulator: {
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] },
        args: ['--node-start', '50'],
    },
    editor: (emulator) => ({ env: emulator.environment }),
});

/**
 * A window whose project has one script, which was submitted.
 * @param {Scene} scene @param {string} experiment @param {string} source
 */
async function submitted(scene, experiment, source) {
    const project = new Project(scene.stage.emulator).bind();
    project.script('train.py', source, { experiment_name: experiment });
    const workbench = await scene.window(project.folder);
    await workbench.openFile('train.job.json');
    await workbench.lens('Submit Experiment').click();
    await workbench.notification('was submitted').waitFor();
    await workbench.answerNotification('was submitted', 'Show run');
    return { project, workbench };
}

/** @param {Workbench} workbench @param {RegExp} row */
async function showLog(workbench, row) {
    await workbench.chooseFromRowMenu(row, 'Show log');
    await workbench.tab('train.log').waitFor();
}

onStage('a traceback leads to the line in the local file, and the line is a problem', async (scene) => {
    const source = 'print("loading the data")\n\n\nraise ValueError("no data in /datasets/digits")\n';
    const { project, workbench } = await submitted(scene, 'failing', source);
    await workbench.treeRow(/train.*failed/).waitFor();
    await scene.step('show the log', async () => {
        await showLog(workbench, /train.*failed/);
        await workbench.line('ValueError: no data in /datasets/digits').waitFor();
        await workbench.picture('logs 01 traceback');
    });
    await scene.step('open the line that it names', async () => {
        await workbench.followLink('File');
        await workbench.tab('train.py').waitFor();
        await workbench.line('raise ValueError').waitFor();
        await workbench.page.locator('.editor-instance .squiggly-error').first().waitFor();
        await workbench.picture('logs 02 line');
    });
    await scene.step('the log is there again after the window was loaded anew', async () => {
        await workbench.tab('train.log').click();
        await workbench.runCommand('Developer: Reload Window');
        await workbench.page.waitForEvent('load');
        await workbench.ready();
        await workbench.line('ValueError: no data in /datasets/digits').waitFor();
    });
    project.remove();
});

onStage(
    'a log grows while its run does, and its end stays in view unless somebody reads above',
    async (scene) => {
        const gate = path.join(scene.stage.home, 'gate');
        const source = `
import os, sys, time

for step in range(200):
    print(f"step {step}", flush=True)
print("\\033[31mred\\033[0m and plain", flush=True)
for percent in range(100):
    sys.stdout.write(f"\\r{percent} %")
print("\\rdone\\033[K", flush=True)
number = 0
while not os.path.exists(${JSON.stringify(gate)}):
    print(f"more {number}", flush=True)
    number += 1
    time.sleep(0.5)
print("the end", flush=True)
`;
        const { project, workbench } = await submitted(scene, 'growing', source);
        await workbench.treeRow(/train.*running/).waitFor();
        await scene.step('show the log at its end', async () => {
            await showLog(workbench, /train.*running/);
            await workbench.line(/^more\s5$/).waitFor();
            await workbench.line(/^more\s9$/).waitFor();
        });
        await scene.step('its colours and progress bars', async () => {
            await workbench.line(/^red\sand\splain$/).waitFor();
            await workbench.line(/^done$/).waitFor();
            const red = workbench.line(/^red\sand\splain$/).locator('span', { hasText: /^red$/ });
            const color = await red.evaluate((span) => getComputedStyle(span).color);
            const other = await workbench
                .line(/^done$/)
                .locator('span')
                .last()
                .evaluate((span) => getComputedStyle(span).color);
            assert.notEqual(color, other);
            await workbench.picture('logs 03 following');
        });
        await scene.step('read its beginning', async () => {
            await workbench.page.locator('.editor-instance .view-lines').first().click();
            await workbench.press('Control+Home');
            await workbench.line(/^step\s0$/).waitFor();
            const server = scene.stage.running('serve');
            for (const id of server) process.kill(id, 'SIGKILL');
            fs.writeFileSync(gate, '');
            await workbench.treeRow(/train.*completed/).waitFor();
            await until(
                async () => await workbench.line(/^step\s0$/).isVisible(),
                'the beginning is in view',
            );
        });
        await scene.step('the end came although the server was killed', async () => {
            await workbench.press('Control+End');
            await workbench.line(/^the\send$/).waitFor();
            await workbench.picture('logs 04 end');
        });
        project.remove();
    },
);

onStage('of a large log the end is shown, and all of it can be saved', async (scene) => {
    const line = 'x'.repeat(99);
    const source = `for step in range(100_000):\n    print(f"{step:06} ${line.slice(7)}")\n`;
    const { project, workbench } = await submitted(scene, 'large', source);
    await workbench.treeRow(/train.*completed/).waitFor();
    const saved = project.path('train.log');
    await scene.step('show it', async () => {
        await showLog(workbench, /train.*completed/);
        await workbench.line(/^099999\sx+/).waitFor();
        await workbench.page.locator('.editor-instance .view-lines').first().click();
        await workbench.press('Control+Home');
        await workbench.line(/MB\sbefore\sthis\sare\snot\sshown/).waitFor();
        await workbench.picture('logs 05 large');
    });
    await scene.step('save it', async () => {
        await workbench.lens('Download Log').click();
        const name = workbench.quickInput.locator('input').first();
        await until(async () => (await name.inputValue()).endsWith('train.log'), 'a name is proposed');
        await workbench.press('Enter');
        await until(async () => fs.existsSync(saved), 'it is saved');
        const lines = fs.readFileSync(saved, 'utf8').split('\n');
        assert.equal(lines.length, 100_001);
        assert.match(lines[0] ?? '', /^000000 x+$/);
    });
    await scene.step('choose another log', async () => {
        await workbench.runCommand('Azure ML: Choose log file');
        await workbench.choose(/^\s*std_log\.txt/);
        await workbench.tab('std_log.txt').waitFor();
        await workbench.line(/^099999\sx+/).waitFor();
    });
    project.remove();
});
