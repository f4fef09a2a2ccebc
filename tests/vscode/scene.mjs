// @ts-check
// What the tests in VS Code share: an editor, a local Azure ML, windows, and the evidence that is kept when one fails.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { root } from '../support/processes.mjs';
import { Editor, openBrowser } from './editor.mjs';
import { versions } from './install.mjs';
import { Workbench } from './workbench.mjs';

/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').BrowserContextOptions} BrowserContextOptions */

// For one wait, on a machine that is busy; nothing is expected to take this long.
const patienceMs = 120_000;

/**
 * @typedef {object} StageOptions
 * @property {keyof typeof versions} [which]
 * @property {import('../support/emulator.mjs').EmulatorOptions} [emulator]
 * @property {(emulator: Emulator) => Partial<import('./editor.mjs').EditorOptions>} [editor]
 * @property {boolean} [alone] the editor is as it is after the installation, and knows nothing of this emulator
 */

/** An editor and an emulator that serve the tests of one file. */
export class Stage {
    /** @param {string} home @param {Editor} editor @param {Emulator} emulator @param {Browser} browser @param {string} version */
    constructor(home, editor, emulator, browser, version) {
        this.home = home;
        this.editor = editor;
        this.emulator = emulator;
        this.browser = browser;
        this.pictures = path.join(root, 'build/screenshots', version);
    }

    /** @param {StageOptions} [options] */
    static async set({ which = 'newest', emulator: emulatorOptions, editor: editorOptions, alone } = {}) {
        const home = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-vscode-'));
        const emulator = await Emulator.start(emulatorOptions);
        const { settings, ...rest } = editorOptions?.(emulator) ?? {};
        const editor = await Editor.start({
            which,
            home,
            settings: {
                ...(alone ? {} : { 'azureml.armEndpoint': emulator.ready.armEndpoint }),
                ...settings,
            },
            ...rest,
        });
        const browser = await openBrowser();
        return new Stage(home, editor, emulator, browser, versions[which].version);
    }

    /** The ids of the processes of the installed extension that have begun so. @param {'serve' | 'emulator'} command */
    running(command) {
        const isMeant = (/** @type {string} */ id) => {
            try {
                const program = fs.readlinkSync(path.join('/proc', id, 'exe'));
                const [, first] = fs.readFileSync(path.join('/proc', id, 'cmdline'), 'utf8').split('\0');
                return program.startsWith(this.home) && first === command;
            } catch {
                return false; // Ended meanwhile, or another user's.
            }
        };
        const processes = fs.readdirSync('/proc').filter((id) => /^\d+$/.test(id));
        return processes.filter(isMeant).map(Number);
    }

    async strike() {
        await this.browser.close();
        await this.editor.stop();
        // It outlives the windows that have started it.
        for (const id of this.running('emulator')) process.kill(id, 'SIGTERM');
        await this.emulator.stop();
        // VS Code's own children may still write for a moment.
        fs.rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    }

    /** A copy of the sample project. @param {string} name of its folder */
    project(name) {
        const folder = path.join(this.home, name);
        fs.cpSync(path.join(root, 'tests/fixtures/mnist-starter'), folder, { recursive: true });
        return folder;
    }
}

/**
 * Sets a stage for the tests of a file and answers what declares one of them. When a test fails, pictures of its
 * windows and every log are kept, and the message says where they are and at which step it was.
 * @param {StageOptions} [options]
 */
export function stage(options) {
    /** @type {Stage} */
    let set;
    before(async () => {
        set = await Stage.set(options);
    });
    after(() => set?.strike());
    return (/** @type {string} */ name, /** @type {(scene: Scene) => Promise<void>} */ act) =>
        test(name, { timeout: 15 * 60_000 }, () => perform(new Scene(set, name), act));
}

/** @param {Scene} scene @param {(scene: Scene) => Promise<void>} act */
async function perform(scene, act) {
    try {
        await act(scene);
    } catch (error) {
        const folder = await scene.keepEvidence();
        const at = scene.steps.at(-1) ?? 'before the first step';
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${at}: ${message}\nPictures and logs: ${folder}`, { cause: error });
    } finally {
        await scene.end();
    }
}

/** One test: its windows and its steps. */
export class Scene {
    /** @type {string[]} */
    steps = [];
    /** @type {Workbench[]} */
    #windows = [];
    /** @type {import('playwright-core').BrowserContext[]} */
    #contexts = [];

    /** @param {Stage} stage @param {string} name */
    constructor(stage, name) {
        this.stage = stage;
        this.name = name;
    }

    /** Names what is done next. @template T @param {string} what @param {() => Promise<T>} act @returns {Promise<T>} */
    async step(what, act) {
        this.steps.push(what);
        return act();
    }

    /**
     * Opens a window of its own browser profile.
     * @param {string | undefined} folder none: an empty window
     * @param {BrowserContextOptions} [options]
     */
    async window(folder, options = {}) {
        const context = await this.stage.browser.newContext({
            viewport: { width: 1280, height: 800 },
            permissions: ['clipboard-read', 'clipboard-write'],
            ...options,
        });
        context.setDefaultTimeout(patienceMs);
        this.#contexts.push(context);
        const workbench = this.#show(await context.newPage());
        await workbench.open(this.stage.editor.address(folder));
        return workbench;
    }

    /** The window that opens when something is done in another one. @param {Workbench} window @param {() => Promise<void>} act */
    async opened(window, act) {
        const [page] = await Promise.all([window.page.context().waitForEvent('page'), act()]);
        const workbench = this.#show(page);
        await workbench.ready();
        return workbench;
    }

    /** @param {import('playwright-core').Page} page */
    #show(page) {
        const workbench = new Workbench(page, this.stage.pictures);
        this.#windows.push(workbench);
        return workbench;
    }

    /** @returns {Promise<string>} the folder that has it */
    async keepEvidence() {
        const folder = path.join(this.stage.pictures, `failed ${this.name.replace(/[^\w ]+/g, '')}`);
        fs.rmSync(folder, { recursive: true, force: true });
        fs.mkdirSync(folder, { recursive: true });
        const pages = this.#contexts.flatMap((context) => context.pages());
        for (const [index, page] of pages.entries()) {
            await page
                .screenshot({ path: path.join(folder, `window-${index + 1}.png`), timeout: 10_000 })
                .catch(() => undefined); // A page that hangs has no picture; the logs are wanted all the same.
        }
        this.stage.editor.keepLogs(folder);
        fs.writeFileSync(path.join(folder, 'emulator.log'), this.stage.emulator.log);
        return folder;
    }

    async end() {
        for (const window of this.#windows) await window.close().catch(() => undefined); // Closed before, or hanging.
        for (const context of this.#contexts) await context.close();
    }
}
