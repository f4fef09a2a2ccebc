// @ts-check
// The extension in an editor whose display language is Simplified Chinese.

import fs from 'node:fs';
import path from 'node:path';

import { root } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';
import { approve } from './steps.mjs';

const texts = JSON.parse(fs.readFileSync(path.join(root, 'package.nls.zh-cn.json'), 'utf8'));

const onStage = stage({
    editor: () => ({ language: 'zh-cn', settings: { 'azureml.auth': 'deviceCode' } }),
});

onStage('in Chinese', async (scene) => {
    const project = new Project(scene.stage.emulator, { 'train.py': 'print("trained")\n' });
    const workbench = await scene.window(project.folder);
    await scene.step('welcome', async () => {
        await workbench.openSidebar();
        await workbench.welcomeButton(texts['command.signIn']).waitFor();
        await workbench.picture('chinese 01 welcome');
        await workbench.welcomeButton(texts['command.signIn']).click();
        await approve(workbench, 'chinese 02 device code');
        await workbench.expand('Demo Subscription', 'demo-workspace');
        await workbench.treeRow('demo-workspace').waitFor();
        await workbench.picture('chinese 03 tree');
    });
    await scene.step('menu', async () => {
        await workbench.rightClickFile('train.py');
        await workbench.menuItem(texts['command.runAsExperiment']).hover();
        await workbench.picture('chinese 04 menu');
        await workbench.chooseMenuItem(texts['command.runAsExperiment']);
    });
    await scene.step('questions', async () => {
        await workbench.pickRow('Demo Subscription').waitFor();
        await workbench.picture('chinese 05 question');
        await workbench.press('Escape');
    });
});
