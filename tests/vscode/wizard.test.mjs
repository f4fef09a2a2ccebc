// @ts-check
// The questions: taken back, given up, and answered with the keyboard alone.

import assert from 'node:assert/strict';

import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const onStage = stage({ editor: (emulator) => ({ env: emulator.environment }) });
const run = 'Azure ML: Run as experiment in Azure';

onStage('Back keeps what was typed, Escape leaves nothing behind', async (scene) => {
    const project = new Project(scene.stage.emulator, { 'train.py': 'print("trained")\n' });
    const workbench = await scene.window(project.folder);
    await scene.step('answer until the compute', async () => {
        await workbench.chooseFromFileMenu('train.py', run);
        await workbench.pick('subscription', 'Demo');
        await workbench.pick('workspace', 'demo-workspace');
        await workbench.pick('experiment', 'Create new experiment');
        await workbench.step('Create new experiment');
        await workbench.field.fill('no spaces');
        await workbench.quickInput.getByText('may hold only').waitFor();
        await workbench.picture('wizard 01 wrong name');
        await workbench.type('Create new experiment', 'digits');
        await workbench.step('compute');
    });
    await scene.step('go back', async () => {
        await workbench.backButton.click();
        await workbench.step('Azure ML: experiment');
        await workbench.quickInput.locator('.monaco-list-row.focused', { hasText: 'digits' }).waitFor();
        await workbench.picture('wizard 02 back');
        await workbench.backButton.click();
        await workbench.step('workspace');
        await workbench.backButton.click();
        await workbench.step('subscription');
        assert.equal(await workbench.backButton.count(), 0);
    });
    await scene.step('give up', async () => {
        await workbench.press('Escape');
        await workbench.quickInput.waitFor({ state: 'hidden' });
        assert.ok(!project.has('train.job.json') && !project.has('.azureml'), 'nothing is written');
    });
    await scene.step('a second attempt begins afresh', async () => {
        await workbench.chooseFromFileMenu('train.py', run);
        await workbench.step('subscription');
        await workbench.press('Escape');
        await workbench.quickInput.waitFor({ state: 'hidden' });
    });
});

onStage('with the keyboard alone', async (scene) => {
    const project = new Project(scene.stage.emulator, { 'train.py': 'print("trained")\n' });
    const workbench = await scene.window(project.folder);
    await scene.step('answer', async () => {
        await command(workbench, run);
        await choose(workbench, 'train.py');
        await workbench.step('subscription');
        await choose(workbench, 'Demo');
        await workbench.step('workspace');
        await choose(workbench, 'demo-workspace');
        await workbench.step('experiment');
        await choose(workbench, 'Create new experiment');
        await workbench.type('Create new experiment', 'keyboard');
        await workbench.step('Azure ML: compute');
        await choose(workbench, 'cpu-cluster');
        await workbench.step('compute configuration');
        await choose(workbench, 'SkLearn');
        await workbench.step('packages');
        await workbench.press('Enter');
        await workbench.lens('Submit Experiment').waitFor();
    });
    await scene.step('submit what the editor shows, although the output has the focus', async () => {
        await command(workbench, 'Azure ML: Show output');
        await workbench.output('[info]').waitFor();
        await command(workbench, 'Output: Focus on Output View');
        await command(workbench, 'Azure ML: Submit Experiment');
        await workbench.notification('was submitted').waitFor();
    });
    await scene.step('find the run in the tree and open its menu', async () => {
        await command(workbench, 'Azure ML: Focus on Workspaces View');
        await workbench.treeRow(/^keyboard/).waitFor();
        await goTo(workbench, /^keyboard/);
        // Opens the experiment, or enters it when it is open already.
        await workbench.press('ArrowRight');
        await workbench.treeRow(/^train/).waitFor();
        await goTo(workbench, /^train/);
        await workbench.press('Shift+F10');
        await workbench.menuItem('Show log').waitFor();
        await workbench.press('ArrowDown');
        await workbench.picture('wizard 03 keyboard');
        await workbench.press('Escape');
    });
    await scene.step('every button has a name', async () => {
        const buttons = await workbench.page.locator('.sidebar .action-label').all();
        assert.ok(buttons.length > 3);
        for (const button of buttons) {
            const name = (await button.getAttribute('aria-label')) ?? (await button.textContent());
            assert.ok(name, `a name of ${await button.getAttribute('class')}`);
        }
    });
});

onStage('packages are added and changed by buttons, and nothing else stands among them', async (scene) => {
    const project = new Project(scene.stage.emulator, { 'train.py': 'print("trained")\n' }).bind();
    const workbench = await scene.window(project.folder);
    const rows = workbench.quickInput.locator('.quick-input-list .monaco-list-row');
    await scene.step('answer until the packages', async () => {
        await workbench.chooseFromFileMenu('train.py', run);
        await workbench.pick('workspace', 'demo-workspace');
        await workbench.pick('experiment', 'Create new experiment');
        await workbench.type('Create new experiment', 'packages');
        await workbench.pick('Azure ML: compute', 'Serverless');
        await workbench.pick('compute configuration', 'SkLearn');
        await workbench.step('Azure ML: packages');
        await workbench.pickRow('scikit-learn').waitFor();
        assert.equal(await rows.count(), 8, 'seven packages and Python');
    });
    await scene.step('add one that was looked for', async () => {
        await workbench.field.fill('lightgbm==4.5');
        await workbench.quickInput.getByRole('button', { name: 'Add a package…' }).click();
        await workbench.step('Add a package');
        assert.equal(await workbench.field.inputValue(), 'lightgbm==4.5');
        await workbench.press('Enter');
        await workbench.step('Azure ML: packages');
        await workbench.pickRow('lightgbm==4.5').waitFor();
        await workbench.quickInput.getByText('9 Selected').waitFor();
    });
    await scene.step('change one with the keyboard', async () => {
        await workbench.page.keyboard.type('pandas');
        await workbench.press('ArrowDown');
        await workbench.quickInput.locator('.monaco-list-row.focused', { hasText: 'pandas' }).waitFor();
        // Past the row's check box, which can be reached too.
        const edit = workbench.quickInput.locator('.monaco-list-row .action-label:focus');
        for (let presses = 0; (await edit.count()) === 0; presses += 1) {
            assert.ok(presses < 4, 'the button can be reached');
            await workbench.press('Tab');
        }
        await workbench.picture('wizard 04 packages');
        await workbench.press('Enter');
        await workbench.step('Change a package');
        await workbench.field.fill('pandas 2');
        await workbench.quickInput.getByText('is not a version condition').waitFor();
        await workbench.picture('wizard 05 change a package');
        await workbench.type('Change a package', 'pandas==2.2.*');
        await workbench.step('Azure ML: packages');
        await workbench.pickRow('pandas==2.2').waitFor();
        await workbench.press('Enter');
    });
    await workbench.lens('Submit Experiment').waitFor();
    const written = project.read('train.job.json');
    assert.match(written, /"lightgbm==4\.5"/);
    assert.match(written, /"pandas==2\.2\.\*"/);
});

/** Moves to a row of the tree with the arrow keys. @param {Workbench} workbench @param {RegExp} text */
async function goTo(workbench, text) {
    const focused = workbench.tree.locator('.monaco-list-row.focused');
    await workbench.press('Home');
    for (let row = 0; !text.test((await focused.textContent()) ?? ''); row += 1) {
        assert.ok(row < 30, `${text} can be reached`);
        await workbench.press('ArrowDown');
    }
}

/** Chooses a command in the palette. @param {Workbench} workbench @param {string} title */
async function command(workbench, title) {
    await workbench.press('F1');
    await workbench.quickInput.waitFor();
    await workbench.page.keyboard.type(title);
    await workbench.pickRow(title).waitFor();
    await workbench.press('Enter');
}

/** Types until the row is found and takes it. @param {Workbench} workbench @param {string} label */
async function choose(workbench, label) {
    await workbench.pickRow(label).waitFor();
    await workbench.page.keyboard.type(label);
    await workbench.quickInput.locator('.monaco-list-row.focused', { hasText: label }).waitFor();
    await workbench.press('Enter');
}
