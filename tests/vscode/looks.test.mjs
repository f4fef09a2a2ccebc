// @ts-check
// What one sees in each kind of theme, and that it can be read there.

import assert from 'node:assert/strict';

import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const themes = [
    { name: 'light', label: 'Light 2026', kind: 'vs' },
    { name: 'dark', label: 'Dark 2026', kind: 'vs-dark' },
    { name: 'high contrast', label: 'Dark High Contrast', kind: 'hc-black' },
    { name: 'high contrast light', label: 'Light High Contrast', kind: 'hc-light' },
];

const onStage = stage({
    emulator: {
        seed: {
            workspaces: [
                {
                    computes: [{ name: 'cpu-cluster', vmSize: 'STANDARD_DS3_V2' }],
                    experiments: [
                        { name: 'mnist', runs: 12 },
                        { name: 'sweep', runs: 1 },
                    ],
                },
            ],
        },
    },
    editor: (emulator) => ({ env: emulator.environment }),
});

onStage('in light, dark and high contrast themes', async (scene) => {
    const project = new Project(scene.stage.emulator).bind().script('train.py', 'print("trained")\n');
    project.write('new.py', 'print("new")\n');
    const workbench = await scene.window(project.folder);
    await workbench.openFile('train.job.json');
    await workbench.lens('Submit Experiment').waitFor();
    await workbench.openSidebar();
    await workbench.expand('Demo Subscription', 'demo-workspace', 'Experiments', 'mnist', 'Compute');
    await workbench.treeRow('cpu-cluster').waitFor();
    for (const theme of themes) {
        await scene.step(theme.name, () => look(workbench, theme));
    }
});

/** @param {Workbench} workbench @param {typeof themes[number]} theme */
async function look(workbench, { name, label, kind }) {
    await workbench.runCommand('Preferences: Color Theme');
    await workbench.field.fill(label);
    await workbench.pickRow(label).click();
    await workbench.page.locator(`.monaco-workbench.${kind}`).waitFor();
    await workbench.openSidebar();
    await workbench.picture(`looks ${name} 1 tree`);
    await readable(workbench, name);
    await workbench.chooseFromFileMenu('new.py', 'Azure ML: Run as experiment in Azure');
    await workbench.pick('workspace', 'demo-workspace');
    await workbench.pick('Azure ML: experiment', 'mnist');
    await workbench.step('compute');
    await workbench.pickRow('cpu-cluster').waitFor();
    await workbench.picture(`looks ${name} 2 question`);
    await workbench.press('Escape');
    await workbench.quickInput.waitFor({ state: 'hidden' });
}

/** Every row has the contrast that WCAG asks for: 4.5 for text, 3 for icons. @param {Workbench} workbench @param {string} theme */
async function readable(workbench, theme) {
    const found = await workbench.tree.evaluate((tree) => {
        const parse = (/** @type {string} */ colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
        const luminance = (/** @type {number[]} */ colour) => {
            const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((value) => {
                const part = value / 255;
                return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const behind = (/** @type {Element} */ element) => {
            for (let at = /** @type {Element | null} */ (element); at !== null; at = at.parentElement) {
                const colour = parse(getComputedStyle(at).backgroundColor);
                if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return [255, 255, 255];
        };
        const contrast = (/** @type {Element} */ element, /** @type {string | undefined} */ part) => {
            const colour = parse(getComputedStyle(element, part).color);
            const [dark, light] = [luminance(colour), luminance(behind(element))].sort((a, b) => a - b);
            return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
        };
        return [...tree.querySelectorAll('.monaco-list-row:not(.selected)')].map((row) => {
            const label = row.querySelector('.label-name');
            const icon = row.querySelector('.custom-view-tree-node-item-icon');
            return {
                text: row.textContent ?? '',
                label: label === null ? 0 : contrast(label, undefined),
                icon: icon === null ? 0 : contrast(icon, '::before'),
            };
        });
    });
    assert.ok(found.length > 8);
    const poor = found.filter(({ label, icon }) => label < 4.5 || icon < 3);
    assert.deepEqual(poor, [], `what is hard to read in ${theme}`);
}
