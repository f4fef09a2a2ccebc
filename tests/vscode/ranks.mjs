// @ts-check
// The logs of a run with several processes, in a real VS Code: searched all at once, read as one while they grow, and
// each by itself. For every language.

import assert from 'node:assert/strict';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';
import { texts } from './texts.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./workbench.mjs').Workbench} Workbench */

/** @typedef {object} Day what a test knows while it goes on
 * @property {Workbench} workbench
 * @property {World} world
 * @property {(text: string, ...values: (string | number)[]) => string} say a text in the language of the test
 * @property {(what: string) => Promise<void>} picture
 */

const run = 'two_ranks';
const title = 'two ranks';
const logs = [0, 1].map((rank) => `user_logs/std_log_process_0${rank}.txt`);
const steps = 400;

/** A run of two processes whose logs are as long as the test wants. */
class World {
    /** @param {import('../support/emulator.mjs').Emulator} emulator */
    constructor(emulator) {
        this.emulator = emulator;
    }

    /** @param {string} status */
    async set(status) {
        const runs = `/history/v1.0${this.emulator.workspaceId}/experiments/ranks/batch/runs`;
        const answer = await this.emulator.arm('PATCH', runs, {
            runs: [{ runId: run, displayName: title, status }],
        });
        assert.equal(answer.status, 200, JSON.stringify(answer));
    }

    /** Both processes have come to this step. @param {number} count */
    async reach(count) {
        for (const [rank, log] of logs.entries()) {
            const lines = Array.from({ length: count }, (_, step) => lineOf(rank, step));
            await this.emulator.leaveFile(run, log, lines.join(''));
        }
    }
}

/** The second process is half a second behind, and at step 41 its loss is lost. @param {number} rank @param {number} step */
function lineOf(rank, step) {
    const second = new Date(Date.UTC(2026, 10, 28, 10, 0, step)).toISOString().slice(0, 19).replace('T', ' ');
    const loss = rank === 1 && step === 41 ? 'nan' : (1 / (step + 1)).toFixed(4);
    return `\u001b[3${rank + 2}m${second},${rank * 5}00\u001b[0m 步骤 ${step} of ${steps} loss=${loss}\n`;
}

/** Declares the test. @param {{ name: string, language?: string }} look */
export function readRanks({ name, language }) {
    const onStage = stage({
        emulator: {
            seed: {
                workspaces: [
                    { computes: [{ name: 'cpu-cluster' }], experiments: [{ name: 'ranks', runs: 0 }] },
                ],
            },
        },
        editor: (emulator) => ({ env: emulator.environment, ...(language !== undefined && { language }) }),
    });
    onStage(`the logs of a run's processes are searched and read: ${name}`, async (scene) => {
        const project = new Project(scene.stage.emulator).bind();
        const world = new World(scene.stage.emulator);
        await world.set('Running');
        await world.reach(300);
        const workbench = await scene.window(project.folder);
        const translate = texts(language);
        const say = (/** @type {string} */ text, /** @type {(string | number)[]} */ ...values) =>
            values.reduce(
                (/** @type {string} */ said, value) => said.replace('{}', `${value}`),
                translate(text),
            );
        const picture = (/** @type {string} */ what) => workbench.picture(`ranks ${name} ${what}`);
        const day = { workbench, world, say, picture };
        await workbench.openSidebar();
        await workbench.expand('Demo Subscription', 'demo-workspace', say('Experiments'), 'ranks');
        await scene.step('search all logs of the run', () => searchAll(day));
        await scene.step('read them as one', () => readAsOne(day));
        await scene.step('see them grow', () => follow(day));
        await scene.step('search what is read as one', () => searchOne(day));
        await scene.step('open all lines that were found', () => openAll(day));
        await scene.step('read one of them', () => readSecond(day));
        project.remove();
    });
}

/** Waits for the place of the cursor, which VS Code tells in its own language. @param {Workbench} workbench @param {number} line */
async function cursorAt(workbench, line) {
    await workbench.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col 1` }).waitFor();
}

/** A line of the list, and where it stands. @param {Workbench} workbench @param {RegExp} line @param {string} place */
function found(workbench, line, place) {
    return workbench.quickInput
        .locator('.quick-input-list .monaco-list-row', { hasText: line })
        .filter({ has: workbench.page.getByText(place, { exact: true }) });
}

/** @param {Workbench} workbench @param {string} text */
async function heading(workbench, text) {
    await workbench.quickInput.getByText(text, { exact: true }).waitFor();
}

/** @param {Day} day */
async function searchAll({ workbench, say, picture }) {
    const asked = say('Search in the log of {}', title);
    await workbench.chooseFromRowMenu(title, say('Search in log…'));
    await workbench.type(asked, '/步骤 (/');
    // It is no expression, and is asked for again.
    await workbench.page
        .getByText(/\S 步骤 \( \S/)
        .first()
        .waitFor();
    await picture('01 no expression');
    await workbench.type(asked, '/步骤 4[12] .*LOSS=/i');
    await heading(workbench, say('{} lines', 4));
    for (const log of ['std_log_process_00.txt', 'std_log_process_01.txt'])
        for (const step of [41, 42]) {
            const line = new RegExp(`步骤\\s${step}\\sof`);
            await found(workbench, line, `${log}:${step + 1}`).waitFor();
        }
    await picture('02 found in both');
    await found(workbench, /loss=nan/, 'std_log_process_01.txt:42').click();
    await workbench.tab('std_log_process_01.txt-42.log').waitFor();
    await cursorAt(workbench, 42);
    await workbench.line(/步骤\s41\sof\s400\sloss=nan$/).waitFor();
    await picture('03 the line');
}

/** @param {Workbench} workbench @returns the processes whose lines are in view, from above */
async function ranksInView(workbench) {
    const shown = await workbench.page.locator('.editor-instance .view-line').evaluateAll((lines) =>
        lines
            .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' }))
            .sort((a, b) => a.top - b.top)
            .map(({ text }) => /^\[(\d)\]\s.*步骤/.exec(text)?.[1] ?? ''),
    );
    return shown.join('');
}

/** @param {Day} day @param {string} log */
async function chooseLog({ workbench, say }, log) {
    await workbench.runCommand(`Azure ML: ${say('Choose log file…')}`);
    await workbench.choose(new RegExp(`^\\s*${log}`));
    await workbench.tab(log).first().waitFor();
}

/** @param {Day} day */
async function readAsOne(day) {
    const { workbench, say, picture } = day;
    await workbench.chooseFromRowMenu(title, say('Show log'));
    await workbench.tab(`${title}.log`).waitFor();
    await workbench.line(/^2026.*步骤\s299\sof/).waitFor();
    await workbench.runCommand(`Azure ML: ${say('Choose log file…')}`);
    await workbench.pickRow('all_ranks.log').getByText(say('All processes in one, by time')).waitFor();
    await picture('04 logs to choose from');
    await workbench.press('Escape');
    await chooseLog(day, 'all_ranks.log');
    await workbench.line(/^\[0\]\s2026.*步骤\s299\sof/).waitFor();
    await workbench.line(/^\[1\]\s2026.*步骤\s299\sof/).waitFor();
    const ranks = await ranksInView(workbench);
    assert.ok(ranks.length > 20, ranks);
    // Each process's line behind the other's, as their times have it.
    assert.match(ranks, /^1?(01)+0?$/);
    await picture('05 both as one');
}

/** @param {Day} day */
async function follow({ workbench, world, picture }) {
    await world.reach(350);
    await workbench.line(/^\[1\]\s2026.*步骤\s349\sof/).waitFor();
    await world.reach(steps);
    await world.set('Completed');
    await workbench.line(/^\[1\]\s2026.*步骤\s399\sof/).waitFor();
    await picture('06 both at their end');
}

/** @param {Day} day */
async function searchOne({ workbench, say, picture }) {
    await workbench.runCommand(`Azure ML: ${say('Search in log…')}`);
    await workbench.type(say('Search in {}', 'all_ranks.log'), 'loss=nan');
    await heading(workbench, say('1 line'));
    await picture('07 one found');
    await found(workbench, /loss=nan/, 'std_log_process_01.txt:42').click();
    await workbench.tab('std_log_process_01.txt-42.log').waitFor();
    await cursorAt(workbench, 42);
    // The log that was searched is still there, and at its end.
    await workbench.tab('all_ranks.log').click();
    await workbench.line(/^\[1\]\s2026.*步骤\s399\sof/).waitFor();
}

/** @param {Day} day */
async function openAll({ workbench, say, picture }) {
    const asked = say('Search in {}', 'all_ranks.log');
    await workbench.runCommand(`Azure ML: ${say('Search in log…')}`);
    await workbench.step(asked);
    await until(
        async () => (await workbench.field.inputValue()) === 'loss=nan',
        'what was typed is proposed',
    );
    await workbench.type(asked, '步骤 39');
    await heading(workbench, say('{} lines', 22));
    await workbench.quickInput.getByRole('button', { name: say('Open all as text') }).click();
    await workbench.tab('search.log').waitFor();
    for (const log of logs) await workbench.line(new RegExp(`^${log}:400:\\s2026.*步骤\\s399`)).waitFor();
    await picture('08 all as text');
    await workbench.tab('all_ranks.log').click();
}

/** @param {Day} day */
async function readSecond(day) {
    const { workbench, picture } = day;
    await chooseLog(day, 'std_log_process_01.txt');
    await workbench.line(/^2026.*,500\s步骤\s399\sof/).waitFor();
    assert.equal(await ranksInView(workbench), '');
    await picture('09 the second alone');
}
