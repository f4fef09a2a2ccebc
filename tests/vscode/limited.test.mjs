// @ts-check
// Where the extension is limited: a folder that nobody trusts yet, and one that is on no disk.

import assert from 'node:assert/strict';

import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

const onStage = stage({
    editor: (emulator) => ({ env: emulator.environment, extensions: ['virtual'], asksForTrust: true }),
});
const run = 'Azure ML: Run as experiment in Azure';

onStage('in a folder that is not trusted one browses, and submitting waits for trust', async (scene) => {
    const project = new Project(scene.stage.emulator).bind().script('train.py', 'print("trained")\n');
    const workbench = await scene.window(project.folder);
    await scene.step('browse', async () => {
        await workbench.openSidebar();
        await workbench.expand('Demo Subscription', 'demo-workspace', 'Compute');
        await workbench.treeRow('cpu-cluster').waitFor();
    });
    await scene.step('nothing runs', async () => {
        await workbench.rightClickFile('train.py');
        await workbench.menuItem(run).waitFor();
        assert.match((await workbench.menuItem(run).getAttribute('class')) ?? '', /disabled/);
        await workbench.picture('limited 01 restricted');
        await workbench.press('Escape');
        await workbench.openFile('train.job.json');
        await workbench.lens('Submit Experiment').click();
        await workbench.notification('Trust this folder before you run').waitFor();
        await workbench.picture('limited 02 asks for trust');
        assert.equal(scene.stage.emulator.createdJobs().size, 0);
    });
    await scene.step('trust it, and submit', async () => {
        await workbench.answerNotification('Trust this folder before you run', 'Manage Trust');
        await workbench.page
            .locator('.workspace-trust-editor')
            .getByRole('button', { name: 'Trust' })
            .first()
            .click();
        await workbench.page
            .locator('.workspace-trust-editor', { hasText: 'You trust this folder' })
            .waitFor();
        await workbench.page
            .locator('.monaco-modal-editor-block')
            .getByRole('button', { name: 'Close' })
            .click();
        await workbench.lens('Submit Experiment').click();
        await workbench.notification('was submitted').waitFor();
    });
});

onStage('in a virtual folder one browses', async (scene) => {
    const workbench = await scene.window('test-virtual:/project');
    await workbench.openSidebar();
    await workbench.expand('Demo Subscription', 'demo-workspace');
    await workbench.treeRow('Experiments').waitFor();
    await workbench.rightClickFile('train.py');
    await workbench.menuItem('Copy Path').waitFor();
    await workbench.picture('limited 03 virtual');
    assert.equal(await workbench.menuItem(run).count(), 0);
    await workbench.press('Escape');
    await workbench.press('F1');
    await workbench.quickInput.locator('input').first().fill('>Azure ML: ');
    await workbench.pickRow('Azure ML: Refresh').waitFor();
    assert.equal(await workbench.pickRow(run).count(), 0);
});
