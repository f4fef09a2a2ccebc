// @ts-check
// The article's story, click by click, for every version of VS Code that is supported.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { stage } from './scene.mjs';
import { approve, openPortal } from './steps.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const run = 'Azure ML: Run as experiment in Azure';
const repeat = 'Azure ML: Repeat last run';

/** As Azure takes its time now and then, so that there is progress to see. */
const slowly = { method: 'PUT', route: '**/jobs/*', delayMs: 3000, times: 1 };

/** Declares the story as a test. @param {'newest' | 'oldest'} which */
export function tellStory(which) {
    const onStage = stage({
        which,
        emulator: { environments: 'build', seed: {}, faults: { rules: [slowly] } },
        editor: () => ({
            settings: { 'azureml.auth': 'deviceCode', 'azureml.runEndNotification': 'always' },
        }),
    });
    onStage(`from a script to a repeated run in the ${which} VS Code`, async (scene) => {
        const project = scene.stage.project('mnist-starter');
        const workbench = await scene.window(project);
        await scene.step('sign in', () => signIn(workbench));
        await scene.step('look at the tree', () => lookAround(workbench));
        await scene.step('answer the questions', () => answer(workbench));
        await scene.step('edit and submit', () => submit(workbench, project));
        await scene.step('watch the run', () => watch(workbench));
        await scene.step('see the metric in the portal', () => seeMetric(workbench));
        await scene.step('edit the script and repeat', () => repeatLastRun(workbench));
        await scene.step('see both runs', () => seeBoth(workbench));
        assert.equal(scene.stage.emulator.createdJobs().size, 2);
    });
}

/** @param {Workbench} workbench */
async function signIn(workbench) {
    await workbench.openSidebar();
    await workbench.welcomeButton('Try it without Azure').waitFor();
    await workbench.picture('story 01 welcome');
    await workbench.welcomeButton('Sign in').click();
    await approve(workbench, 'story 02 device code', 'story 03 sign-in page');
}

/** @param {Workbench} workbench */
async function lookAround(workbench) {
    await workbench.expand('Demo Subscription', 'demo-workspace', 'Compute');
    await workbench.treeRow('Datastores').waitFor();
    await workbench.picture('story 04 tree');
}

/** @param {Workbench} workbench */
async function answer(workbench) {
    await workbench.rightClickFile('train_universal.py');
    await workbench.menuItem(run).hover();
    await workbench.picture('story 05 menu');
    await workbench.chooseMenuItem(run);
    await workbench.step('subscription');
    await workbench.picture('story 06 subscription');
    await workbench.pick('subscription', 'Demo');
    await workbench.pick('workspace', 'demo-workspace');
    await workbench.step('experiment');
    await workbench.picture('story 07 experiment');
    await workbench.pick('experiment', 'Create new experiment');
    await workbench.step('Create new experiment');
    await workbench.picture('story 08 new experiment');
    await workbench.type('Create new experiment', 'mnist');
    await workbench.step('Azure ML: compute');
    await workbench.picture('story 09 compute');
    await createCompute(workbench);
    await workbench.step('compute configuration');
    await workbench.picture('story 13 compute configuration');
    await workbench.pick('compute configuration', 'SkLearn');
    await workbench.step('Azure ML: packages');
    await workbench.picture('story 14 packages');
    await workbench.press('Enter');
}

/** @param {Workbench} workbench */
async function createCompute(workbench) {
    await workbench.pick('Azure ML: compute', 'Create new compute');
    await workbench.step('Create new compute: name');
    await workbench.picture('story 10 new compute');
    await workbench.type('Create new compute: name', 'cpu-cluster');
    await workbench.step('machine size');
    await workbench.field.fill('ds3');
    await workbench.picture('story 11 machine size');
    await workbench.pick('machine size', /Standard_DS3_v2/i);
    await workbench.pick('priority', 'Dedicated');
    await workbench.type('minimum nodes', '0');
    await workbench.step('maximum nodes');
    await workbench.picture('story 12 nodes');
    await workbench.type('maximum nodes', '4');
    await workbench.type('idle time', '120');
}

/** @param {Workbench} workbench @param {string} project */
async function submit(workbench, project) {
    await workbench.tab('train_universal.job.json').waitFor();
    await workbench.lens('Submit Experiment').waitFor();
    await workbench.picture('story 15 run configuration');
    const file = path.join(project, 'train_universal.job.json');
    const written = JSON.parse(fs.readFileSync(file, 'utf8'));
    assert.equal(written.experiment_name, 'mnist');
    assert.equal(written.compute, 'azureml:cpu-cluster');
    await workbench.replaceInEditor('"mnist"', '"mnist-digits"');
    await workbench.save();
    assert.equal(JSON.parse(fs.readFileSync(file, 'utf8')).experiment_name, 'mnist-digits');
    await workbench.lens('Submit Experiment').click();
    await workbench.notification('Submitting the experiment').waitFor();
    await workbench.picture('story 16 submitting');
    await workbench.notification('was submitted').waitFor();
    await workbench.notification('Submitting the experiment').waitFor({ state: 'hidden' });
    await workbench.picture('story 17 submitted');
}

/** @param {Workbench} workbench */
async function watch(workbench) {
    await workbench.answerNotification('was submitted', 'Show run');
    await workbench.widenSidebar(80);
    await workbench.treeRow(/train_universal.*running/).waitFor();
    await workbench.picture('story 18 running');
    await workbench
        .notification(/completed after .* · validation_accuracy 0\./)
        .waitFor({ timeout: 600_000 });
    await workbench.treeRow(/train_universal.*completed/).waitFor();
    await workbench.picture('story 19 completed');
    // Escape is for the notification as long as there is one.
    await workbench.press('Escape');
    await workbench.notification('completed after').waitFor({ state: 'hidden' });
}

/** @param {Workbench} workbench */
async function seeMetric(workbench) {
    const portal = await openPortal(workbench, 'train_universal');
    await portal.getByText('accuracy', { exact: true }).first().waitFor();
    await portal.setViewportSize({ width: 1280, height: 900 });
    await portal.screenshot({ path: path.join(workbench.pictures, 'story 20 portal.png') });
    await portal.close();
}

/** @param {Workbench} workbench */
async function repeatLastRun(workbench) {
    await workbench.openFile('train_universal.py');
    await workbench.replaceInEditor('REGULARISATION = 0.01', 'REGULARISATION = 1.0');
    await workbench.save();
    await workbench.rightClickFile('train_universal.py');
    await workbench.menuItem(repeat).hover();
    await workbench.picture('story 21 repeat');
    await workbench.chooseMenuItem(repeat);
    await workbench.notification('was submitted').waitFor();
}

/** @param {Workbench} workbench */
async function seeBoth(workbench) {
    await workbench.openSidebar();
    await workbench
        .treeRow(/train_universal.*completed/)
        .nth(1)
        .waitFor({ timeout: 600_000 });
    await workbench.picture('story 22 both runs');
    assert.equal(await workbench.treeRow('mnist-digits').count(), 1);
}
