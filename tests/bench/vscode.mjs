// @ts-check
// What a person waits for in VS Code: the extension, the first question, a submitted run, a large tree.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../support/processes.mjs';
import { Scene, Stage } from '../vscode/scene.mjs';
import { percentile, timed } from './measure.mjs';

const rounds = 5;
const latencies = [0, 80];
const experiments = 10;
const runsEach = 50;
const activated = ['azureml-experiments.azureml-experiments', 'vscode.json-language-features'];

/** @typedef {import('./bench.mjs').Measurement} Measurement */
/** @typedef {import('../vscode/workbench.mjs').Workbench} Workbench */
/** @typedef {import('../support/emulator.mjs').Emulator} Emulator */

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
        emulator: { recorded: false, ...options },
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
        return [
            ...activation,
            ...(await measureFirstQuestion(window, latency)),
            ...(await measureSubmission(window, latency, folder)),
        ];
    });
}

/** Beside a question of VS Code's own from the same menu. @param {Workbench} window @param {number} latency */
async function measureFirstQuestion(window, latency) {
    const ask = (/** @type {string} */ item) =>
        repeated(async () => {
            await window.rightClickFile('train_universal.py');
            const time = await timeToSee(window, '.quick-input-list .monaco-list-row', '', () =>
                window.chooseMenuItem(item),
            );
            await window.press('Escape');
            await window.quickInput.waitFor({ state: 'hidden' });
            return time;
        });
    const peer = median('click to the answers of "Open With..." of VS Code', await ask('Open With...'));
    const limit = 3 * peer.value + 2 * latency;
    return [
        { ...median(`click to first question, ${away(latency)}`, await ask('Run as experiment')), limit },
        peer,
    ];
}

/**
 * Beside a file that appears in VS Code's own explorer after it was written.
 * @param {Workbench} window
 * @param {number} latency
 * @param {string} folder
 */
async function measureSubmission(window, latency, folder) {
    const files = await repeated(async (round) => {
        await window.openExplorer();
        return timeToSee(window, '.explorer-folders-view .monaco-list-row', `new-${round}`, async () => {
            await window.press('Shift'); // From here on.
            writeFileSync(join(folder, `new-${round}.txt`), '');
        });
    });
    const submits = await repeated(async (round) => {
        await window.openSidebar();
        // Last: an editor that has lost the focus does not ask for lenses.
        await window.openFile(`quick-${round}.job.json`);
        await window.lens('Submit Experiment').waitFor();
        const time = await timeToSee(
            window,
            '.tree-explorer-viewlet-tree-view .monaco-list-row',
            `quick-${round}`,
            () => window.lens('Submit Experiment').click(),
        );
        await window.runCommand('Notifications: Clear All Notifications');
        return time;
    });
    const peer = median("a new file to its row in VS Code's own explorer", files);
    const limit = peer.value + 4 * latency;
    return [{ ...median(`submit to run in the tree, ${away(latency)}`, submits), limit }, peer];
}

/** @param {number} latency */
function away(latency) {
    return `Azure ${latency} ms away`;
}

/**
 * The time from the last press of the mouse or a key in `act` to a row with `text` being in sight, in ms, as the page itself sees
 * it: without what driving a browser from outside costs.
 * @param {Workbench} window
 * @param {string} rows selector
 * @param {string} text
 * @param {() => Promise<void>} act
 */
async function timeToSee(window, rows, text, act) {
    const watch = await window.page.evaluateHandle(([selector, wanted]) => {
        let pressed = Number.NaN;
        const press = () => (pressed = performance.now());
        for (const kind of ['mousedown', 'keydown']) addEventListener(kind, press, { capture: true });
        /** @type {Promise<number>} */
        const seen = new Promise((resolve) => {
            const look = () => {
                const found = [...document.querySelectorAll(selector)].some(
                    (row) => row.checkVisibility() && row.textContent?.includes(wanted),
                );
                if (found && !Number.isNaN(pressed)) resolve(performance.now() - pressed);
                else requestAnimationFrame(look);
            };
            look();
        });
        return { seen };
    }, /** @type {const} */ ([rows, text]));
    await act();
    return watch.evaluate(({ seen }) => seen);
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
    /** @type {number[][]} */
    const times = [];
    await repeated(async () => {
        const window = await scene.window(folder);
        await window.openSidebar();
        await window.treeRow('Subscription').waitFor();
        await window.openFile('notes.json');
        await window.page.locator('.squiggly-error').first().waitFor();
        times.push(await until(() => activationTimes(window), 'both extensions are activated'));
        await window.close();
        return 0;
    });
    const [ours = [], theirs = []] = activated.map((_, which) =>
        times.map((pair) => pair[which] ?? Number.NaN),
    );
    const peer = median("activation of VS Code's own JSON extension", theirs);
    return [{ ...median('activation of the extension', ours), limit: peer.value }, peer];
}

/** Nothing while one of them is still being activated. @param {Workbench} window */
async function activationTimes(window) {
    const report = await startupReport(window);
    const times = activated.map((id) => activationTime(report, id));
    return times.some(Number.isNaN) ? undefined : times;
}

/** The text of "Developer: Startup Performance". @param {Workbench} window */
async function startupReport(window) {
    await window.runCommand('Developer: Startup Performance');
    await window.tab('Startup Performance').waitFor();
    await window.page.locator('.editor-instance .view-line', { hasText: 'System Info' }).first().click();
    await window.press('Control+A');
    await window.press('Control+C');
    const report = await window.page.evaluate(() => navigator.clipboard.readText());
    await window.runCommand('View: Close Editor');
    return report;
}

/** @param {string} report @param {string} id of an extension */
function activationTime(report, id) {
    // Columns: extension, eager, and in ms: load code, call activate, finish activate.
    const [, ...parts] =
        new RegExp(`\\| ${id} *\\| \\w+ *\\| (\\d+) *\\| (\\d+) *\\| (\\d+)`).exec(report) ?? [];
    return parts.length === 0 ? Number.NaN : parts.map(Number).reduce((sum, part) => sum + part);
}

function measureLargeTree() {
    const names = Array.from({ length: experiments }, (_, index) => `experiment-${index}`);
    const seed = {
        workspaces: [{ computes: [], experiments: names.map((name) => ({ name, runs: runsEach })) }],
    };
    return onStage({ seed }, async (scene) => {
        const folder = scene.stage.project('mnist-starter');
        for (const name of names) {
            mkdirSync(join(folder, name));
            for (let run = 0; run < runsEach; run += 1)
                writeFileSync(join(folder, name, `run-${run}.txt`), '');
        }
        const window = await scene.window(folder);
        // From the last one up, so that those still to be opened stay in sight.
        await window.openExplorer();
        for (const name of names.toReversed()) await window.explorerRow(name).click();
        const theirs = await measureRefresh(window, 'Refresh Explorer');
        await window.openSidebar();
        await window.expand('Subscription', 'workspace', 'Experiments');
        await window
            .treeRow('experiment-')
            .nth(experiments - 1)
            .waitFor();
        const shown = await window.treeRow('experiment-').locator('.label-name').allTextContents();
        for (const name of shown.toReversed()) await window.expand(name);
        const ours = await measureRefresh(window, 'Refresh');
        const lists = await measureLists(scene.stage.emulator, names);
        const peer = median(`refresh of VS Code's explorer with ${experiments * runsEach} files`, theirs);
        const azure = median(`Azure itself for the ${experiments} lists, side by side`, lists);
        const limit = 2 * peer.value + azure.value;
        return [
            { ...median(`refresh of a tree with ${experiments * runsEach} runs`, ours), limit },
            peer,
            azure,
        ];
    });
}

/** What asking for the same runs takes without anything in between. @param {Emulator} emulator @param {string[]} names */
function measureLists(emulator, names) {
    const ask = (/** @type {string} */ name) => {
        const path = `/history/v1.0${emulator.workspaceId}/experiments/${name}/runs:query`;
        return emulator.arm('POST', path, { top: runsEach });
    };
    return repeated(async () => (await timed(() => Promise.all(names.map(ask))))[1]);
}

/** @param {Workbench} window @param {string} button of the view in the sidebar */
function measureRefresh(window, button) {
    return repeated(async () => {
        await settle(window);
        await window.page.locator('.sidebar').hover();
        const rest = settle(window);
        await window.page.locator('.sidebar').getByRole('button', { name: button, exact: true }).click();
        return rest;
    });
}

/**
 * How long the tree goes on changing, in ms from the last press of the mouse, or from now; it is at rest when nothing has
 * moved for half a second.
 * @param {Workbench} window
 */
function settle(window) {
    return window.page.locator('.sidebar').evaluate((tree) => {
        const restMs = 500;
        return new Promise((resolve) => {
            let started = performance.now();
            let last = started;
            tree.addEventListener('mousedown', () => (started = performance.now()), { capture: true });
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
