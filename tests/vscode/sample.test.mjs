// @ts-check
// A newcomer without Azure: from an empty window to a run that has completed, on this machine alone.

import assert from 'node:assert/strict';

import { stage } from './scene.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const onStage = stage({ alone: true });
const button = 'Try it without Azure';
const greeting = 'This sample runs on a local Azure ML';

onStage('from an empty window to a completed run', async (scene) => {
    const workbench = await scene.window();
    await scene.step('open the sample', async () => {
        await workbench.openSidebar();
        await workbench.welcomeButton(button).waitFor();
        await workbench.picture('sample 01 welcome');
        await workbench.welcomeButton(button).click();
        await seeSample(workbench);
        await workbench.picture('sample 02 opened');
        assert.equal(scene.stage.running('emulator').length, 1);
    });
    await scene.step('answer the questions', async () => {
        await workbench.answerNotification(greeting, 'Run as Experiment');
        await workbench.pick('workspace', 'demo-workspace');
        await workbench.pick('experiment', 'Create new experiment');
        await workbench.type('Create new experiment', 'first');
        await workbench.step('Azure ML: compute');
        await workbench.picture('sample 03 compute');
        await workbench.pick('Azure ML: compute', 'Serverless');
        await workbench.pick('compute configuration', 'SkLearn');
        await workbench.step('packages');
        await workbench.press('Enter');
    });
    await scene.step('submit', async () => {
        await workbench.lens('Submit Experiment').click();
        await workbench.answerNotification('was submitted', 'Show run');
        await workbench.treeRow(/train_universal.*(queued|preparing|running)/).waitFor();
        await workbench.picture('sample 04 running');
    });
    await scene.step('it completes', async () => {
        await workbench.treeRow(/train_universal.*completed/).waitFor({ timeout: 600_000 });
        await workbench.picture('sample 05 completed');
    });
});

onStage('what is open stays open: the sample comes in another window', async (scene) => {
    const workbench = await scene.window(scene.stage.project('own'));
    await workbench.openSidebar();
    const sample = await scene.opened(workbench, () => workbench.welcomeButton(button).click());
    await seeSample(sample);
    await sample.picture('sample 06 another window');
    assert.match(await workbench.page.title(), /own/);
    await scene.step('asked for again, it is shown again', async () => {
        await sample.runCommand(`Azure ML: ${button}`);
        await seeSample(sample);
        assert.equal(sample.page.context().pages().length, 2);
    });
});

/** @param {Workbench} window */
async function seeSample(window) {
    await window.tab('train_universal.py').waitFor();
    await window.notification(greeting).waitFor();
    await window.treeRow('Demo Subscription').waitFor();
}
