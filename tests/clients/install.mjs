// @ts-check
// Installs the pinned clients from their package registries, into a cache folder keyed by what is pinned: a second
// call returns at once.

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cache as cacheFolder } from '../../.ci/cache.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(cacheFolder, 'clients');

/** Installs all of them. Throws an error that says so when a registry cannot be reached. */
export function installClients() {
    javaScriptClients();
    pythonClients('azure-ai-ml');
    pythonClients('mlflow');
    pythonClients('azureml-mlflow');
    pythonClients('azureml-core');
}

/** The folder whose node_modules hold the JavaScript clients. */
export function javaScriptClients() {
    const files = ['package.json', 'package-lock.json'].map((file) => join(here, file));
    return installed('npm', files, process.version, (folder) => {
        for (const file of files) copyFileSync(file, join(folder, basename(file)));
        execute('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], folder);
    });
}

/** @typedef {'azure-ai-ml' | 'mlflow' | 'azureml-mlflow' | 'azureml-core'} PythonClient */

/**
 * The Python of an environment with exactly the packages of a client's list.
 * @param {PythonClient} name
 */
export function pythonClients(name) {
    return pythonEnvironment(name, join(here, `${name}.txt`), interpreter(name));
}

/**
 * The Python of an environment with exactly the packages of a list.
 * @param {string} name
 * @param {string} list
 */
export function pythonEnvironment(name, list, python = 'python3') {
    const version = execute(python, ['--version'], here).trim();
    const folder = installed(name, [list], version, (made) => {
        execute(python, ['-m', 'venv', made], here);
        const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
        execute(join(made, 'bin/python'), ['-m', 'pip', 'install', ...options, '-r', list], here);
    });
    return join(folder, 'bin/python');
}

/**
 * azureml-core runs on no Python after 3.11; the others run on every one.
 * @param {PythonClient} name
 */
function interpreter(name) {
    if (name !== 'azureml-core') return 'python3';
    const known = ['python3.11', 'python3'].find((program) => spawnSync(program, ['--version']).status === 0);
    return known ?? 'python3.11';
}

/**
 * @param {string} name
 * @param {readonly string[]} files what pins the versions
 * @param {string} runtime the version they are installed for
 * @param {(folder: string) => void} install
 */
function installed(name, files, runtime, install) {
    const key = createHash('sha256').update(runtime);
    for (const file of files) key.update(readFileSync(file));
    const folder = join(cache, `${name}-${key.digest('hex').slice(0, 16)}`);
    if (existsSync(folder)) return folder;
    console.log(`==> Installing ${name} clients (once; kept in the user's cache folder) …`);
    // Made beside and renamed when whole, so that neither a kill nor a second test run leaves half of it.
    const beside = `${folder}.${process.pid}`;
    try {
        mkdirSync(beside, { recursive: true });
        install(beside);
        if (!existsSync(folder)) renameSync(beside, folder);
    } finally {
        rmSync(beside, { recursive: true, force: true });
    }
    return folder;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function execute(program, args, cwd) {
    try {
        return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
        const { stderr = '', message = '' } = /** @type {any} */ (error);
        throw new Error(
            `The official clients cannot be installed, so nothing is proved about them: is the package registry ` +
                `reachable?\n${program} ${args.join(' ')}\n${stderr || message}`,
        );
    }
}
