// @ts-check
// Submitting and running, and everything that can come in between.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./workbench.mjs').Workbench} Workbench */

// Longer than any test; the numbers tell the two apart in the emulator's log.
const holdsUpload = 600_001;
const holdsAnswer = 600_002;

const cluster = { computes: [{ name: 'cpu-cluster' }] };

const refusal = {
    error: {
        code: 'RequestDisallowedByPolicy',
        message:
            "Resource 'train' was disallowed by policy. Policy identifiers: " +
            '\'[{"policyAssignment":{"name":"Only tagged jobs"}}]\'.',
    },
};

const onStage = stage({
    emulator: {
        seed: {
            workspaces: [
                cluster,
                { name: 'slow-workspace', ...cluster },
                { name: 'ruled-workspace', ...cluster },
            ],
        },
        faults: {
            rules: [
                { method: 'PUT', route: '**/held.csv', delayMs: holdsUpload, times: 1 },
                {
                    method: 'PUT',
                    route: '**/workspaces/ruled-workspace/jobs/*',
                    status: 403,
                    headers: { 'x-ms-request-id': 'request-4711' },
                    body: refusal,
                },
                {
                    comment: 'the job is made, its answer stays away',
                    method: 'PUT',
                    route: '**/workspaces/slow-workspace/jobs/*',
                    delayMs: holdsAnswer,
                    stage: 'after',
                    times: 1,
                },
            ],
        },
    },
    editor: (emulator) => ({ env: emulator.environment }),
});

/**
 * A window with a bound project that has one script and its run configuration, which is open.
 * @param {Scene} scene
 * @param {string} experiment
 * @param {string} source
 */
async function openScript(scene, experiment, source) {
    const project = new Project(scene.stage.emulator).bind();
    project.script('train.py', source, { experiment_name: experiment });
    const workbench = await scene.window(project.folder);
    await workbench.openFile('train.job.json');
    return { project, workbench };
}

/** @param {Workbench} workbench */
async function submit(workbench) {
    await workbench.lens('Submit Experiment').click();
    await workbench.notification('was submitted').waitFor();
    await workbench.answerNotification('was submitted', 'Show run');
}

/** Shows runs of one state only, or all. @param {Workbench} workbench @param {string} [state] */
async function filter(workbench, state) {
    await workbench.runCommand('Azure ML: Filter runs');
    await workbench.step('Filter runs: state');
    for (const row of await workbench.quickInput.locator('.monaco-list-row').all()) {
        const box = row.locator('.monaco-checkbox, input[type=checkbox]').first();
        const isOn = (await box.getAttribute('aria-checked')) === 'true';
        const isWanted = state !== undefined && (await row.textContent())?.includes(state) === true;
        if (isOn !== isWanted) await row.click();
    }
    await workbench.press('Enter');
    await workbench.step('Filter runs: text');
    await workbench.press('Enter');
}

/** A script that goes on until the file is there. @param {string} file */
function untilExists(file) {
    return `import os, time\nwhile not os.path.exists(${JSON.stringify(file)}):\n    time.sleep(0.1)\n`;
}

onStage('a submission is cancelled while it uploads', async (scene) => {
    const { project, workbench } = await openScript(scene, 'cancelled-upload', 'print("trained")\n');
    const before = scene.stage.emulator.createdJobs().size;
    await scene.step('cancel', async () => {
        project.write('held.csv', '1,2,3\n');
        await workbench.lens('Submit Experiment').click();
        await scene.stage.emulator.heldBack(holdsUpload);
        await workbench.notification('Uploading').waitFor();
        await workbench.picture('runs 01 uploading');
        await workbench.answerNotification('Submitting', 'Cancel');
        await workbench.notification('Submitting').waitFor({ state: 'hidden' });
        await workbench.picture('runs 02 upload cancelled');
        assert.equal(scene.stage.emulator.createdJobs().size, before);
    });
    await scene.step('submit it again', async () => {
        await submit(workbench);
        await workbench.treeRow(/train.*completed/).waitFor();
        assert.equal(scene.stage.emulator.createdJobs().size, before + 1);
    });
});

onStage('a run is cancelled', async (scene) => {
    const { project, workbench } = await openScript(scene, 'cancelled-run', untilExists('/nowhere'));
    await submit(workbench);
    await workbench.treeRow(/train.*running/).waitFor();
    await workbench.badge('1').waitFor();
    await scene.step('cancel from the menu', async () => {
        await workbench.chooseFromRowMenu(/train.*running/, 'Cancel run');
        await workbench.notification('Cancel the run train').waitFor();
        await workbench.picture('runs 03 cancelling');
        await workbench.answerNotification('Cancel the run train', 'Cancel run');
        await workbench.treeRow(/train\s*cancelled/).waitFor();
        await workbench.badge('1').waitFor({ state: 'hidden' });
        await workbench.picture('runs 04 cancelled');
    });
    project.remove();
});

onStage('a script fails, and its log says why', async (scene) => {
    const { workbench } = await openScript(
        scene,
        'failing',
        'print("loading the data")\nraise ValueError("no data in /datasets/digits")\n',
    );
    await submit(workbench);
    await workbench.treeRow(/train.*failed/).waitFor();
    await workbench.picture('runs 05 failed');
    await scene.step('show the log', async () => {
        await workbench.chooseFromRowMenu(/train.*failed/, 'Show log');
        await workbench.line('ValueError: no data in /datasets/digits').waitFor();
        await workbench.picture('runs 06 log');
    });
    await scene.step('filter the runs', async () => {
        await filter(workbench, 'Completed');
        await workbench.treeRow('No run matches the filter').waitFor();
        await workbench.picture('runs 11 filtered');
        await filter(workbench, 'Failed');
        await workbench.treeRow(/train.*failed/).waitFor();
        await workbench.treeRow(/^Filter/).waitFor();
        await filter(workbench);
        await workbench.treeRow(/^Filter/).waitFor({ state: 'hidden' });
    });
});

onStage('the server is killed while a run is being created: exactly one run', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator);
    project.write(
        '.azureml/config.json',
        JSON.stringify({ ...emulator.binding, workspace_name: 'slow-workspace' }),
    );
    project.script('train.py', 'print("trained")\n', { experiment_name: 'killed' });
    const workbench = await scene.window(project.folder);
    await workbench.openFile('train.job.json');
    const jobs = emulator.workspaceId.replace(emulator.ready.workspace, 'slow-workspace') + '/jobs';
    const created = async () => (await emulator.arm('GET', jobs)).body.value.length;
    await scene.step('submit and kill', async () => {
        await workbench.lens('Submit Experiment').click();
        await emulator.heldBack(holdsAnswer);
        await until(async () => (await created()) === 1, 'the job is there');
        await workbench.picture('runs 07 creating');
        const [server, ...others] = scene.stage.running('serve');
        assert.ok(server !== undefined && others.length === 0, 'one server runs');
        process.kill(server, 'SIGKILL');
    });
    await scene.step('the next server finds the run', async () => {
        await workbench.notification('although the last session ended').waitFor();
        await workbench.picture('runs 08 found again');
        assert.equal(await created(), 1);
        // Whoever repeats before anybody can have read this gets the run that was found.
        await until(async () => {
            await workbench.runCommand('Notifications: Clear All Notifications');
            await workbench.chooseFromFileMenu('train.py', 'Azure ML: Repeat last run');
            await workbench.notification(/was submitted (already|to the experiment)/).waitFor();
            return (await created()) > 1;
        }, 'it is repeated');
        assert.equal(await created(), 2);
    });
});

onStage('a submission that Azure refuses says why and what to do', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator);
    const binding = { ...emulator.binding, workspace_name: 'ruled-workspace' };
    project.write('.azureml/config.json', JSON.stringify(binding));
    project.script('train.py', 'print("trained")\n', { experiment_name: 'refused' });
    const workbench = await scene.window(project.folder);
    await workbench.openFile('train.job.json');
    await workbench.lens('Submit Experiment').click();
    await workbench.notification(/Cannot create the job: .*policy/).waitFor();
    await workbench.notification('Submitting').waitFor({ state: 'hidden' });
    await workbench.picture('runs 12 refused');
    await workbench.answerNotification('Cannot create the job', 'Copy Diagnostics');
    await workbench.notification('The diagnostics are on the clipboard').waitFor();
    const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /RequestDisallowedByPolicy[^]*request-4711/);
});

onStage('a server that keeps stopping is given up, and started again by a button', async (scene) => {
    const { workbench } = await openScript(scene, 'given-up', 'print("trained")\n');
    await submit(workbench);
    await workbench.treeRow(/train.*completed/).waitFor();
    await scene.step('kill it until it is given up', async () => {
        const killed = new Set();
        const next = () => scene.stage.running('serve').find((id) => !killed.has(id));
        for (let time = 1; time <= 5; time += 1) {
            const server = await until(async () => next(), `server ${time} runs`);
            process.kill(server, 'SIGKILL');
            killed.add(server);
        }
        await workbench.notification('The Azure ML server keeps stopping').waitFor();
        await workbench.picture('runs 13 given up');
    });
    await scene.step('start it again: nothing is lost', async () => {
        await workbench.answerNotification('The Azure ML server keeps stopping', 'Start Again');
        await workbench.expand('Demo Subscription', 'demo-workspace', 'Experiments', 'given-up');
        await workbench.treeRow(/train.*completed/).waitFor();
        await workbench.chooseFromFileMenu('train.py', 'Azure ML: Repeat last run');
        await workbench.notification('was submitted').waitFor();
    });
});

onStage('a window is reloaded during a run', async (scene) => {
    const flag = path.join(scene.stage.home, 'reloaded');
    const { workbench } = await openScript(scene, 'reloaded', untilExists(flag));
    await submit(workbench);
    await workbench.treeRow(/train.*running/).waitFor();
    await scene.step('reload', async () => {
        await workbench.reload();
        await workbench.expand('Demo Subscription', 'demo-workspace', 'Experiments', 'reloaded');
        await workbench.treeRow(/train.*running/).waitFor();
        await workbench.picture('runs 09 reloaded');
    });
    await scene.step('the run ends', async () => {
        fs.writeFileSync(flag, '');
        await workbench.treeRow(/train.*completed/).waitFor();
    });
});

onStage('two windows show the same run', async (scene) => {
    const flag = path.join(scene.stage.home, 'seen-by-both');
    const { project, workbench } = await openScript(scene, 'two-windows', untilExists(flag));
    const other = await scene.window(project.folder);
    await other.openSidebar();
    await other.expand('Demo Subscription', 'demo-workspace', 'Experiments');
    await scene.step('submit in one', async () => {
        await submit(workbench);
        await workbench.treeRow(/train.*running/).waitFor();
    });
    await scene.step('look in the other', async () => {
        await other.refresh();
        await other.expand('two-windows');
        await other.treeRow(/train.*running/).waitFor();
        await other.picture('runs 10 second window');
    });
    await scene.step('it ends in both', async () => {
        fs.writeFileSync(flag, '');
        await workbench.treeRow(/train.*completed/).waitFor();
        await other.treeRow(/train.*completed/).waitFor();
    });
    await scene.step('repeat it in the other', async () => {
        await other.refresh();
        await other.chooseFromFileMenu('train.py', 'Azure ML: Repeat last run');
        await other.notification('was submitted').waitFor();
    });
});
