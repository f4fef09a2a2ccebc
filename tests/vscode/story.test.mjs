// @ts-check
// The whole story in a real VS Code: sign in, run a script as an experiment, watch it, repeat it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { Editor, openBrowser } from './editor.mjs';
import { startEmulator } from './emulator.mjs';
import { versions } from './install.mjs';
import { Workbench } from './workbench.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const vsix = path.join(root, 'build/azureml-experiments-linux-x64.vsix');
const shots = path.join(root, 'build/screenshots');

/** @param {import('node:test').TestContext} t @param {import('./editor.mjs').EditorOptions['which']} which */
async function scene(t, which) {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-vscode-'));
    const project = path.join(home, 'mnist-starter');
    fs.cpSync(path.join(root, 'tests/fixtures/mnist-starter'), project, { recursive: true });
    const emulator = await startEmulator(path.join(home, 'azure'));
    const editor = await Editor.start({
        which,
        vsix,
        home,
        settings: { 'azureml.armEndpoint': emulator.ready['armEndpoint'], 'azureml.auth': 'deviceCode' },
    });
    const { browser, context } = await openBrowser();
    t.after(async () => {
        await browser.close();
        await editor.stop();
        await emulator.stop();
        fs.rmSync(home, { recursive: true, force: true });
    });
    const workbench = new Workbench(
        await context.newPage(),
        path.join(shots, versions[which ?? 'newest'].version),
    );
    t.after.call(t, () => {});
    await workbench.open(editor.address(project));
    return { workbench, context, project, emulator };
}

/** Enters the code on the sign-in page in a second tab. @param {import('playwright-core').BrowserContext} context @param {Workbench} workbench */
async function approveDeviceCode(context, workbench) {
    const notification = workbench.notification(/code/i);
    await notification.waitFor({ timeout: 30_000 });
    const text = (await notification.textContent()) ?? '';
    const [code = ''] = /\b[A-Z0-9]{8,9}\b/.exec(text) ?? [];
    await workbench.screenshot('03-device-code');
    const popup = context.waitForEvent('page');
    await notification.locator('.monaco-button').first().click();
    const page = await popup;
    const field = page.locator('input[type=text]');
    await field.waitFor();
    if ((await field.inputValue()) === '') await field.fill(code);
    await page.screenshot({ path: path.join(workbench.screenshots, '04-approve.png') });
    await page.locator('button[type=submit]').first().click();
    await page.close();
}

for (const which of /** @type {(keyof typeof versions)[]} */ (Object.keys(versions))) {
    test(
        `VS Code ${versions[which].version}: from a script to a repeated run`,
        { timeout: 600_000 },
        async (t) => {
            const { workbench, context, project } = await scene(t, which);
            await workbench.screenshot('01-explorer');
            await workbench.openSidebar();
            await workbench.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
            await workbench.screenshot('02-welcome');
            await workbench.page.getByRole('button', { name: 'Sign in', exact: true }).click();
            await approveDeviceCode(context, workbench);
            await workbench.treeRow(/subscription/i).waitFor({ timeout: 30_000 });
            await workbench.screenshot('05-tree');

            await workbench.chooseFromExplorerMenu(
                'train_universal.py',
                'Azure ML: Run as experiment in Azure',
            );
            await answerWizard(workbench);
            const file = path.join(project, 'train_universal.job.json');
            await workbench.page.locator('.tab', { hasText: 'train_universal.job.json' }).waitFor();
            await workbench.page
                .locator('.codelens-decoration a', { hasText: 'Submit Experiment' })
                .waitFor();
            assert.equal(JSON.parse(fs.readFileSync(file, 'utf8')).experiment_name, 'mnist');
            await workbench.screenshot('14-run-configuration');
            await workbench.replaceInEditor('"mnist"', '"mnist-renamed"');
            await workbench.save();
            await workbench.pressLens('Submit Experiment');
            await workbench.screenshot('15-submitting');
            await workbench.notification(/submitted/i).waitFor({ timeout: 60_000 });
            await workbench.screenshot('16-submitted');
            await workbench.openSidebar();
            await workbench.treeRow('train_universal').waitFor();
            await workbench.screenshot('17-running');
        },
    );
}

/** @param {Workbench} workbench */
async function answerWizard(workbench) {
    await workbench.step('Run as experiment: subscription');
    await workbench.screenshot('06-subscription');
    await workbench.pickRow(/./).click();
    await workbench.step('Run as experiment: workspace');
    await workbench.pickRow(/./).click();
    await workbench.step('Run as experiment: experiment');
    await workbench.screenshot('07-experiment');
    await workbench.pickRow('Create new experiment').click();
    await workbench.type('Create new experiment', 'mnist');
    await workbench.step('Run as experiment: compute');
    await workbench.screenshot('08-compute');
    await workbench.pickRow('Create new compute').click();
}
