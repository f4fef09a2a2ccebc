// @ts-check
// The extension in an editor whose display language is Simplified Chinese.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { root } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

const texts = JSON.parse(fs.readFileSync(path.join(root, 'package.nls.zh-cn.json'), 'utf8'));
const chinese = /[\u4e00-\u9fff]/;

const onStage = stage({
    editor: (emulator) => ({
        env: emulator.environment,
        extensions: [languagePack()],
        args: ['--locale', 'zh-cn'],
    }),
});

/**
 * VS Code shows an extension in a language for which a language pack is installed. Microsoft's are in no registry that
 * the tests may use, so this one declares the language and leaves VS Code's own texts as they are.
 * @returns {string} the package
 */
function languagePack() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-language-pack-'));
    const localization = {
        languageId: 'zh-cn',
        languageName: 'Chinese Simplified',
        localizedLanguageName: '中文(简体)',
        translations: [{ id: 'vscode', path: './main.i18n.json' }],
    };
    const manifest = {
        name: 'language-pack-zh-cn',
        publisher: 'test',
        version: '1.0.0',
        engines: { vscode: '^1.100.0' },
        categories: ['Language Packs'],
        contributes: { localizations: [localization] },
    };
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    fs.writeFileSync(path.join(folder, 'main.i18n.json'), JSON.stringify({ version: '1.0.0', contents: {} }));
    const file = path.join(folder, 'pack.vsix');
    const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file];
    execFileSync(path.join(root, 'node_modules/.bin/vsce'), ['package', ...options], {
        cwd: folder,
        stdio: 'pipe',
    });
    return file;
}

onStage('in Chinese', async (scene) => {
    const project = new Project(scene.stage.emulator, { 'train.py': 'print("trained")\n' });
    const workbench = await scene.window(project.folder);
    await scene.step('welcome', async () => {
        await workbench.openSidebar();
        await workbench.welcomeButton(texts['command.signIn']).waitFor();
        await workbench.picture('chinese 01 welcome');
    });
    await scene.step('menu', async () => {
        await workbench.rightClickFile('train.py');
        await workbench.menuItem(texts['command.runAsExperiment']).hover();
        await workbench.picture('chinese 02 menu');
        await workbench.chooseMenuItem(texts['command.runAsExperiment']);
    });
    await scene.step('questions', async () => {
        await workbench.step(chinese);
        await workbench.pickRow('Demo Subscription').waitFor();
        await workbench.picture('chinese 03 question');
        await workbench.press('Escape');
    });
});
