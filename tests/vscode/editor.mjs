// @ts-check
// Starts a VS Code server with the packaged extension and a browser that shows it.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { installVSCode, versions } from './install.mjs';

const chromiumFlags = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

/**
 * @typedef {object} EditorOptions
 * @property {keyof typeof versions} [which] which VS Code
 * @property {string} vsix the packaged extension
 * @property {string} home an empty folder for everything the editor keeps
 * @property {Record<string, unknown>} [settings] user settings
 * @property {Record<string, string>} [env] more environment variables
 */

/** A VS Code server; `address(folder)` is a page that shows a folder in it. */
export class Editor {
    #process;
    #origin;

    /** @param {import('node:child_process').ChildProcess} process @param {string} origin */
    constructor(process, origin) {
        this.#process = process;
        this.#origin = origin;
    }

    /** @param {EditorOptions} options */
    static async start({ which = 'newest', vsix, home, settings = {}, env = {} }) {
        const { node, entry } = installVSCode(which);
        const data = path.join(home, 'data');
        const extensions = path.join(home, 'extensions');
        const user = path.join(data, 'User');
        fs.mkdirSync(user, { recursive: true });
        fs.writeFileSync(
            path.join(user, 'settings.json'),
            JSON.stringify({ ...quiet, ...settings }, undefined, 2),
        );
        const common = ['--user-data-dir', data, '--extensions-dir', extensions];
        const environment = { ...process.env, ...env, XDG_CONFIG_HOME: path.join(home, 'config') };
        execFileSync(node, [entry, ...common, '--install-extension', vsix], {
            env: environment,
            stdio: 'pipe',
        });
        const args = [
            '--auth',
            'none',
            '--bind-addr',
            '127.0.0.1:0',
            '--disable-telemetry',
            '--disable-update-check',
        ];
        const server = spawn(node, [entry, ...args, '--disable-workspace-trust', ...common], {
            env: environment,
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        const origin = await new Promise((resolve, reject) => {
            let text = '';
            /** @param {Buffer} chunk */
            const read = (chunk) => {
                text += chunk.toString();
                const match = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(text);
                if (match) resolve(match[1]);
            };
            server.stdout.on('data', read);
            server.stderr.on('data', read);
            server.once('exit', () => reject(new Error(`VS Code did not start:\n${text}`)));
        });
        return new Editor(server, origin);
    }

    /** @param {string} folder */
    address(folder) {
        return `${this.#origin}/?folder=${encodeURIComponent(folder)}`;
    }

    async stop() {
        if (this.#process.exitCode !== null) return;
        const ended = new Promise((resolve) => this.#process.once('exit', resolve));
        this.#process.kill('SIGTERM');
        await ended;
    }
}

/** @param {{ locale?: string, colorScheme?: 'light' | 'dark' }} [options] */
export async function openBrowser(options = {}) {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags });
    const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
    });
    return { browser, context };
}

/** Settings that keep VS Code from showing anything the tests did not ask for. */
const quiet = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'extensions.ignoreRecommendations': true,
    'git.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'window.restoreWindows': 'none',
    'security.workspace.trust.enabled': false,
};
