// @ts-check
// A VS Code server with the packaged extension, and a browser that shows it.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

import { Program, root } from '../support/processes.mjs';
import { installVSCode, versions } from './install.mjs';

export const vsix = path.join(root, 'build/azureml-experiments-linux-x64.vsix');

/**
 * @typedef {object} EditorOptions
 * @property {keyof typeof versions} [which] which VS Code
 * @property {string} home an empty folder for everything the editor keeps
 * @property {Record<string, unknown>} [settings] of this machine, which is where a VS Code server looks for ours
 * @property {Record<string, string>} [env] more environment variables
 * @property {readonly string[]} [extensions] folders of more extensions, below `extensions` here
 * @property {boolean} [asksForTrust] as VS Code does unless told: a folder is restricted until somebody trusts it
 * @property {string} [language] display language, such as "zh-cn", of the extensions; VS Code itself stays English
 */

/** A VS Code server; `address(folder)` is a page that shows a folder in it. */
export class Editor {
    #program;
    #origin;

    /** @param {string} home @param {Program} program @param {string} origin */
    constructor(home, program, origin) {
        this.home = home;
        this.#program = program;
        this.#origin = origin;
    }

    /** @param {EditorOptions} options */
    static async start({
        which = 'newest',
        home,
        settings = {},
        env = {},
        language,
        extensions = [],
        asksForTrust = false,
    }) {
        const { node, entry } = installVSCode(which);
        const data = path.join(home, 'data');
        write(path.join(data, 'User/settings.json'), { ...quiet, ...trust(asksForTrust) });
        write(path.join(data, 'Machine/settings.json'), settings);
        const common = ['--user-data-dir', data, '--extensions-dir', path.join(home, 'extensions')];
        const environment = {
            ...process.env,
            ...env,
            XDG_CONFIG_HOME: path.join(home, 'config'),
        };
        execFileSync(node, [entry, ...common, '--install-extension', vsix], {
            env: environment,
            stdio: 'pipe',
        });
        for (const name of extensions) addExtension(path.join(home, 'extensions'), name);
        // A link to another port of this machine is shown under a name of its own, 1234.localhost, so that the pages
        // there keep their links to each other.
        const flags = ['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--proxy-domain', '{{port}}.{{host}}'];
        if (language !== undefined) flags.push('--locale', installLanguage(data, language));
        const quietly = ['--disable-telemetry', '--disable-update-check'];
        if (!asksForTrust) quietly.push('--disable-workspace-trust');
        const program = new Program(node, [entry, ...flags, ...quietly, ...common], {
            env: environment,
        });
        const [, port] = await program.output(/HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/);
        return new Editor(home, program, `http://localhost:${port}`);
    }

    /** @param {string | undefined} folder a path, or the address of a virtual one; none: an empty window */
    address(folder) {
        const shown = folder === undefined ? 'ew=true' : `folder=${encodeURIComponent(folder)}`;
        return `${this.#origin}/?${shown}`;
    }

    /** Copies what VS Code, the extension and its server have logged. @param {string} target */
    keepLogs(target) {
        fs.writeFileSync(
            path.join(target, 'code-server.log'),
            `${this.#program.stdout}\n${this.#program.stderr}`,
        );
        const logs = path.join(this.home, 'data/logs');
        if (fs.existsSync(logs)) fs.cpSync(logs, path.join(target, 'logs'), { recursive: true });
    }

    async stop() {
        await this.#program.kill('SIGTERM');
    }
}

/** @param {string} file @param {Record<string, unknown>} settings */
function write(file, settings) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(settings, undefined, 2));
}

/** Installs an extension that is a folder and not a package. @param {string} installed @param {string} name */
function addExtension(installed, name) {
    const folder = path.join(installed, `test.${name}-1.0.0`);
    fs.cpSync(path.join(import.meta.dirname, 'extensions', name), folder, { recursive: true });
    const list = path.join(installed, 'extensions.json');
    const entry = {
        identifier: { id: `test.${name}` },
        version: '1.0.0',
        location: { $mid: 1, path: folder, scheme: 'file' },
        relativeLocation: path.basename(folder),
    };
    fs.writeFileSync(list, JSON.stringify([...JSON.parse(fs.readFileSync(list, 'utf8')), entry]));
}

/**
 * VS Code shows extensions in a language that has a language pack. Microsoft's packs are in no package registry that
 * the tests may use; this one declares the language and translates nothing of VS Code's own.
 * @param {string} data the editor's data folder
 * @param {string} language
 */
function installLanguage(data, language) {
    const file = path.join(data, 'language-pack.json');
    fs.writeFileSync(file, JSON.stringify({ version: '1.0.0', contents: {} }));
    const pack = {
        hash: language,
        extensions: [{ extensionIdentifier: { id: 'test.language-pack' }, version: '1.0.0' }],
        translations: { vscode: file },
        label: language,
    };
    fs.writeFileSync(path.join(data, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
    return language;
}

const chromiumFlags = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

export function openBrowser() {
    return chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags });
}

/** Settings that keep VS Code from showing anything the tests did not ask for. */
const quiet = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.reduceMotion': 'on',
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.enableExperiments': false,
    'chat.disableAIFeatures': true,
    'extensions.ignoreRecommendations': true,
    'extensions.autoCheckUpdates': false,
    'files.autoSave': 'off',
    'git.enabled': false,
    // The schema that a run configuration names is on the Internet.
    'json.schemaDownload.enable': false,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'window.restoreWindows': 'none',
    'window.commandCenter': false,
    // It covers what is clicked; where it is tested, the test's settings say so.
    'azureml.runEndNotification': 'never',
};

/** @param {boolean} asks */
function trust(asks) {
    // Restricted without a question: the tests look at what that restricts.
    return asks
        ? { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' }
        : { 'security.workspace.trust.enabled': false };
}
