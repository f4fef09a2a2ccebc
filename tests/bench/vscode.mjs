// @ts-check
// What a person waits for in VS Code: the extension, the first question, a submitted run, a large tree.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Scene, Stage } from '../vscode/scene.mjs';
import { percentile, timed } from './measure.mjs';

const rounds = 5;
const latencies = [0, 80];
const experiments = 10;
const runsEach = 50;
const activated = ['azureml-experiments.azureml-experiments', 'vscode.json-language-features'];

/** @typedef {import('./bench.mjs').Measurement} Measurement */
/** @typedef {import('../vscode/workbench.mjs').Workbench} Workbench */

/** @returns {Promise<Measurement[]>} */
export async function measureVSCode() {
    const measured = [];
    for (const latency of latencies) measured.push(...(await measureStory(latency)));
    measured.push(...(await measureLargeTree()));
    return measured;
}

/**
 * A window on a sample project that is signed in from its environment.
 * @template T
 * @param {import('../support/emulator.mjs').EmulatorOptions} options
 * @param {(scene: Scene) => Promise<T>} act
 */
async function onStage(options, act) {
    const stage = await Stage.set({
        emulator: options,
        editor: ({ environment }) => ({ env: environment, settings: { 'azureml.auth': 'servicePrincipal' } }),
    });
    const scene = new Scene(stage, 'bench');
    try {
        return await act(scene);
    } finally {
        await scene.end();
        await stage.strike();
    }
}

/** @param {number} latency of the emulator in ms */
function measureStory(latency) {
    const slowly = ['--latency', String(latency)];
    return onStage({ args: slowly }, async (scene) => {
        const at = `Azure ${latency} ms away`;
        const folder = scene.stage.project('mnist-starter');
        for (let round = 1; round <= rounds; round += 1) writeConfiguration(folder, `quick-${round}`);
        mkdirSync(join(folder, '.azureml'), { recursive: true });
        writeFileSync(join(folder, '.azureml/config.json'), JSON.stringify(scene.stage.emulator.binding));
        // With a fault, which shows when VS Code's own JSON extension works.
        writeFileSync(join(folder, 'notes.json'), '{ "a": }\n');
        const activation = latency === 0 ? await measureActivation(scene, folder) : [];
        const window = await scene.window(folder);
        await window.openSidebar();
        await window.expand('Subscription', 'workspace', 'Experiments');
        const clicks = await repeated(async () => {
            await window.openExplorer();
            await window.rightClickFile('train_universal.py');
            // A menu that has just opened ignores the mouse; a person needs longer to aim.
            await pause(700);
            const [, time] = await timed(async () => {
                await window.chooseMenuItem('Run as experiment');
                await window.step('workspace');
            });
            await window.press('Escape');
            return time;
        });
        const submits = await repeated(async (round) => {
            // In this order: an editor that has lost the focus at once does not ask for lenses.
            await window.openSidebar();
            await window.openFile(`quick-${round}.job.json`);
            await window.lens('Submit Experiment').waitFor();
            const [, time] = await timed(async () => {
                await window.lens('Submit Experiment').click();
                await window.treeRow(`quick-${round}`).waitFor();
            });
            await window.runCommand('Notifications: Clear All Notifications');
            return time;
        });
        return [
            ...activation,
            median(`click to first question, ${at}`, clicks),
            median(`submit to run in the tree, ${at}`, submits),
        ];
    });
}

/** @param {string} folder @param {string} name */
function writeConfiguration(folder, name) {
    const configuration = {
        type: 'command',
        experiment_name: 'bench',
        display_name: name,
        compute: 'azureml:cpu-cluster',
        code: '.',
        command: 'python train_universal.py',
        environment: { name: 'plain', image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04' },
    };
    writeFileSync(join(folder, `${name}.job.json`), JSON.stringify(configuration, null, 2));
}

/**
 * What VS Code itself has measured: loading the code and calling `activate`, beside an extension of its own that starts
 * a language server too.
 * @param {Scene} scene
 * @param {string} folder
 * @returns {Promise<Measurement[]>}
 */
async function measureActivation(scene, folder) {
    /** @type {Map<string, number[]>} */
    const times = new Map(activated.map((id) => [id, []]));
    await repeated(async () => {
        const window = await scene.window(folder);
        await window.openSidebar();
        await window.treeRow('Subscription').waitFor();
        await window.openFile('notes.json');
        await window.page.locator('.squiggly-error').first().waitFor();
        const report = await startupReport(window);
        for (const id of activated) {
            const time = activationTime(report, id);
            // One that is still starting is not in the report.
            if (!Number.isNaN(time)) times.get(id)?.push(time);
        }
        await window.close();
        return 0;
    });
    const [ours = [], peer = []] = activated.map((id) => times.get(id));
    const other = median("activation of VS Code's own JSON extension", peer);
    return [{ ...median('activation of the extension', ours), limit: Math.max(100, other.value) }, other];
}

/** The text of "Developer: Startup Performance". @param {Workbench} window */
async function startupReport(window) {
    await window.runCommand('Developer: Startup Performance');
    await window.tab('Startup Performance').waitFor();
    await window.page.locator('.editor-instance .view-line', { hasText: 'System Info' }).first().click();
    await window.press('Control+A');
    await window.press('Control+C');
    return window.page.evaluate(() => navigator.clipboard.readText());
}

/** @param {string} report @param {string} id of an extension */
function activationTime(report, id) {
    const mark = (/** @type {string} */ name) =>
        Number(new RegExp(`code/extHost/${name}/${id}\\t(\\d+)`).exec(report)?.[1]);
    // Columns: extension, eager, load, call, … The load counts what it waited for others; the marks do not.
    const call = new RegExp(`\\| ${id} *\\| \\w+ *\\| \\d+ *\\| (\\d+)`).exec(report)?.[1];
    return mark('didLoadExtensionCode') - mark('willLoadExtensionCode') + Number(call);
}

function measureLargeTree() {
    const names = Array.from({ length: experiments }, (_, index) => `experiment-${index}`);
    const seed = {
        workspaces: [{ computes: [], experiments: names.map((name) => ({ name, runs: runsEach })) }],
    };
    return onStage({ seed }, async (scene) => {
        const window = await scene.window(scene.stage.project('mnist-starter'));
        await window.openSidebar();
        await window.expand('Subscription', 'workspace', 'Experiments');
        await window.treeRow('experiment-').nth(experiments - 1).waitFor();
        const shown = await window.treeRow('experiment-').locator('.label-name').allTextContents();
        // From the last one up, so that those still to be opened stay in sight.
        for (const name of shown.toReversed()) await window.expand(name);
        const refreshes = await repeated(async () => {
            await settle(window);
            const rest = settle(window);
            await window.page.locator('.sidebar').getByRole('button', { name: 'Refresh' }).click();
            return rest;
        });
        return [median(`refresh of a tree with ${experiments * runsEach} runs in sight`, refreshes)];
    });
}

/**
 * How long the tree goes on changing, in ms from now; it is at rest when nothing has moved for half a second.
 * @param {Workbench} window
 */
function settle(window) {
    return window.page.locator('.sidebar').evaluate((tree) => {
        const restMs = 500;
        return new Promise((resolve) => {
            const started = performance.now();
            let last = started;
            const observer = new MutationObserver(() => (last = performance.now()));
            observer.observe(tree, { childList: true, subtree: true, attributes: true, characterData: true });
            const look = setInterval(() => {
                if (performance.now() - Math.max(last, started) < restMs) return;
                clearInterval(look);
                observer.disconnect();
                resolve(last - started);
            }, 50);
        });
    });
}

/** @param {(round: number) => Promise<number>} measure gets 1, 2, … */
async function repeated(measure) {
    const times = [];
    for (let round = 1; round <= rounds; round += 1) times.push(await measure(round));
    return times;
}

/** @param {string} what @param {readonly number[]} times @returns {Measurement} */
function median(what, times) {
    return { what: `${what}, median of ${times.length}`, value: percentile(times, 0.5), unit: 'ms' };
}
