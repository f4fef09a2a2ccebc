// @ts-check
// A day of watching runs, in a real VS Code: a run to its end, one that fails, many in a table, several over each
// other, two compared, and what a run was made of and has left. For every language and kind of theme.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';
import { texts } from './texts.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./workbench.mjs').Workbench} Workbench */

/**
 * @typedef {object} Look
 * @property {string} name of the pictures
 * @property {string} [language]
 * @property {string} theme its label in VS Code
 */

/** @typedef {object} Day what a test knows while it goes on
 * @property {Scene} scene
 * @property {Workbench} workbench
 * @property {Project} project
 * @property {string} gate a file that the run to watch waits for
 * @property {(text: string) => string} say a text in the language of the test
 * @property {(number: string) => Promise<void>} picture
 */

const many = 500;
const model = 'x'.repeat(70_000);

/** Declares the day as a test. @param {Look} look */
export function watchRuns({ name, language, theme }) {
    const onStage = stage({
        emulator: {
            seed: {
                workspaces: [
                    { computes: [{ name: 'cpu-cluster' }], experiments: [{ name: 'digits', runs: many }] },
                ],
            },
            args: ['--node-start', '50'],
        },
        editor: (emulator) => ({ env: emulator.environment, ...(language !== undefined && { language }) }),
    });
    onStage(`runs are watched: ${name}`, async (scene) => {
        const project = new Project(scene.stage.emulator).bind();
        const gate = path.join(project.base, 'gate');
        writeScripts(project, gate);
        const workbench = await scene.window(project.folder);
        const violations = /** @type {string[]} */ ([]);
        workbench.page.on('console', (message) => {
            if (/Content Security Policy/.test(message.text())) violations.push(message.text());
        });
        const picture = (/** @type {string} */ what) => workbench.picture(`watching ${name} ${what}`);
        const day = { scene, workbench, project, gate, say: texts(language), picture };
        await scene.step('choose the theme', () => chooseTheme(day, theme));
        await scene.step('watch a run to its end', () => watch(day));
        await scene.step('get what it has left, and its code', () => fetchFiles(day));
        await scene.step('see why a run failed', () => explain(day));
        await scene.step('find the best of many', () => findBest(day));
        await scene.step('see three over each other', () => overlay(day));
        await scene.step('compare two', () => compare(day));
        assert.deepEqual(violations, []);
        project.remove();
    });
}

/** @param {Project} project @param {string} gate */
function writeScripts(project, gate) {
    const wait = `import os, time\nwhile not os.path.exists(${JSON.stringify(gate)}):\n    time.sleep(0.1)\n`;
    const leave = `os.makedirs("outputs", exist_ok=True)\nopen("outputs/model.bin", "w").write("x" * ${model.length})\n`;
    project.script('watched.py', `${wait}${leave}print("done")\n`, { experiment_name: 'marathon' });
    const broken = 'def load(path):\n    raise FileNotFoundError(path)\n\n\nload("/data/digits.npz")\n';
    project.script('broken.py', broken, { experiment_name: 'marathon' });
}

/** @param {Day} day @param {string} theme */
async function chooseTheme({ workbench }, theme) {
    await workbench.runCommand('Preferences: Color Theme');
    await workbench.field.fill(theme);
    await workbench.choose(theme);
    await workbench.quickInput.waitFor({ state: 'hidden' });
}

/** Logs a metric of a run. @param {Day} day @param {string} run @param {object} body */
async function log({ scene: { stage } }, run, body) {
    const address = `/mlflow/v2.0${stage.emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    const answer = await stage.emulator.arm('POST', address, { run_id: run, ...body });
    assert.equal(answer.status, 200, JSON.stringify(answer));
}

/** An accuracy that grows to its best, step by step. @param {number} best @param {number} from @param {number} to @param {number} [speed] */
function curve(best, from, to, speed = 9) {
    return Array.from({ length: to - from }, (_, index) => {
        const step = from + index;
        const value = best * (1 - Math.exp(-(step + 1) / speed));
        return { key: 'accuracy', value, timestamp: 1_767_225_600_000 + step * 1000, step };
    });
}

/** Submits a script and opens its run's page from the tree. @param {Day} day @param {string} script */
async function showRun(day, script) {
    const { project, workbench, say } = day;
    const run = await project.json(['run', `${script}.job.json`]);
    assert.equal(run.code, 0, run.stderr);
    await workbench.openSidebar();
    await workbench.expand('Demo Subscription', 'demo-workspace', say('Experiments'));
    const experiment = workbench.treeRow('marathon').first();
    const row = workbench.treeRow(new RegExp(`^${script}`)).first();
    // It was submitted elsewhere.
    await until(async () => {
        if (await row.isVisible()) return true;
        await workbench.refresh(say('Refresh'));
        if (await experiment.isVisible()) await workbench.expand('marathon');
        return false;
    }, 'the run is in the tree');
    await row.click();
    await workbench.webPage.getByRole('heading', { level: 1, name: script }).waitFor();
    return run.values.at(-1).name;
}

/** @param {Day} day */
async function watch(day) {
    const { workbench, gate, say, picture } = day;
    const run = await showRun(day, 'watched');
    const shown = workbench.webPage;
    for (const [from, to] of /** @type {const} */ ([
        [0, 12],
        [12, 40],
    ])) {
        await log(day, run, { metrics: curve(0.97, from, to) });
        await shown.getByRole('figure', { name: new RegExp(`^accuracy.*[:：] ?${to}$`) }).waitFor();
        await picture(`01 run after ${to} steps`);
    }
    fs.writeFileSync(gate, '');
    await shown.locator('.status, header').getByText(say('completed')).first().waitFor();
    await shown.getByText('outputs/model.bin').first().waitFor();
    await picture('02 completed');
}

/** @param {string | Buffer} content */
function hash(content) {
    return createHash('sha256').update(content).digest('hex');
}

/** Chooses a folder in VS Code's own dialog. @param {Workbench} workbench @param {string} folder */
async function chooseFolder(workbench, folder) {
    fs.mkdirSync(folder);
    const name = workbench.quickInput.locator('input').first();
    const rows = workbench.quickInput.locator('.quick-input-list .monaco-list-row');
    // It begins with the project, which has files; an empty folder has no row but the one that leads out of it.
    await until(async () => (await rows.count()) > 1, 'the dialog is there');
    await until(async () => {
        if ((await name.inputValue()) !== `${folder}/`) await name.fill(`${folder}/`);
        return (await rows.count()) === 1;
    }, 'the folder is shown');
    await workbench.press('Enter');
    await workbench.quickInput.waitFor({ state: 'hidden' });
}

/** @param {Day} day */
async function fetchFiles({ workbench, project, say }) {
    const fetched = path.join(project.base, 'fetched');
    await workbench.chooseFromRowMenu(/^watched.*/, say('Download files…'));
    await chooseFolder(workbench, fetched);
    const saved = await found(fetched, 'model.bin');
    assert.equal(hash(fs.readFileSync(saved)), hash(model));
    const code = path.join(project.base, 'code');
    await workbench.chooseFromRowMenu(/^watched.*/, say('Restore code…'));
    await chooseFolder(workbench, code);
    const restored = await found(code, 'watched.py');
    assert.equal(hash(fs.readFileSync(restored)), hash(project.read('watched.py')));
}

/** A file somewhere below a folder, once it is there whole. @param {string} folder @param {string} name */
function found(folder, name) {
    return until(() => {
        const files = fs.readdirSync(folder, { recursive: true }).map(String);
        const file = files.find((one) => path.basename(one) === name);
        return file === undefined ? undefined : path.join(folder, file);
    }, name);
}

/** @param {Day} day */
async function explain(day) {
    const { workbench, picture } = day;
    await showRun(day, 'broken');
    const shown = workbench.webPage;
    await shown.getByRole('heading', { name: /FileNotFoundError: \/data\/digits\.npz/ }).waitFor();
    await picture('03 failed');
    await shown.getByRole('button', { name: /broken\.py.*2/ }).click();
    await workbench.tab('broken.py').waitFor();
    await until(
        async () => /Ln 2\b/.test((await workbench.page.locator('.statusbar').textContent()) ?? ''),
        'the cursor on line 2',
    );
    await picture('04 line');
}

/** Names of all runs of an experiment. @param {import('../support/emulator.mjs').Emulator} emulator @param {string} experiment */
async function runsOf(emulator, experiment) {
    const query = `/history/v1.0${emulator.workspaceId}/experiments/${experiment}/runs:query`;
    const names = /** @type {string[]} */ ([]);
    for (let continuationToken; ;) {
        const { body } = await emulator.arm('POST', query, { top: many, continuationToken });
        names.push(...body.value.map((/** @type {{ runId: string }} */ { runId }) => runId));
        ({ continuationToken } = body);
        if (continuationToken === undefined || continuationToken === null) return names;
    }
}

/** @param {Day} day */
async function findBest(day) {
    const { scene, workbench, say, picture } = day;
    const names = await runsOf(scene.stage.emulator, 'digits');
    assert.equal(names.length, many);
    for (let first = 0; first < many; first += 25) {
        const part = names.slice(first, first + 25);
        await Promise.all(
            part.map((/** @type {string} */ name, /** @type {number} */ index) => {
                const place = (((first + index) * 7919) % many) / many;
                const params = [{ key: 'rate', value: String(1 + Math.round(place * 100)) }];
                return log(day, name, {
                    metrics: curve(0.5 + 0.48 * place, 0, 60, 4 + ((first + index) % 9)),
                    params,
                });
            }),
        );
    }
    await workbench.chooseFromRowMenu('digits', say('Show runs as a table'));
    const shown = workbench.webPage;
    await shown.getByText(say('{0} runs').replace('{0}', String(many)), { exact: true }).waitFor();
    const heading = shown.getByRole('columnheader', { name: 'accuracy' });
    await until(async () => {
        await heading.click();
        return (await heading.getAttribute('aria-sort')) === 'descending';
    }, 'the best first');
    await shown
        .getByRole('searchbox', { name: say('Filter'), exact: true })
        .fill('accuracy > 0.9 and status = Completed');
    const some = say('{0} of {1} runs').replace('{1}', String(many)).replace('{0}', '\\d+');
    await shown
        .locator('.count')
        .filter({ hasText: new RegExp(some) })
        .waitFor();
    const cells = shown.locator('.grid-row [data-column]').filter({ hasText: /^0\.9\d*$/ });
    await cells.first().waitFor();
    const values = (await cells.allTextContents()).map(Number);
    assert.deepEqual(
        values,
        [...values].sort((a, b) => b - a),
    );
    await picture('05 table');
}

/** @param {Day} day */
async function overlay({ workbench, picture }) {
    const shown = workbench.webPage;
    for (const row of [0, 2, 4]) await shown.locator(`.grid-row[data-row="${row}"] .mark`).click();
    const figure = shown.locator('figure', { hasText: 'accuracy' }).first();
    await figure.locator('canvas').waitFor();
    await until(async () => /\b180\b/.test((await figure.getAttribute('aria-label')) ?? ''), 'three lines');
    await picture('06 overlaid');
}

/** @param {Day} day */
async function compare({ workbench, say, picture }) {
    const shown = workbench.webPage;
    await shown.locator('.grid-row[data-row="4"] .mark').click();
    await shown.getByRole('button', { name: say('Compare'), exact: true }).click();
    const editor = workbench.page.locator('.monaco-diff-editor').first();
    await editor
        .locator('.view-line', { hasText: /accuracy/ })
        .first()
        .waitFor();
    await picture('07 compared');
}
