// @ts-check
// A Debian of its own with nothing but the base system and Python: what a newcomer's machine has.
// Made once by debootstrap and kept in the cache folder; what a test puts there is in a folder of its own.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { cache as cacheFolder } from '../../.ci/cache.mjs';
import { isInstalled } from '../../.ci/tools.mjs';
import { Program } from './processes.mjs';

export class CleanRoot {
    #root;

    /** @param {string} root @param {string} folder a new folder in it, as the root names it */
    constructor(root, folder) {
        this.#root = root;
        this.folder = folder;
    }

    /** Why there can be none here, if so: only root can change the root directory, and not in every container. */
    static get impossible() {
        if (!isInstalled('debootstrap')) return 'debootstrap, which makes a clean Debian, is not installed here';
        const { status } = spawnSync('unshare', ['--mount', 'true']);
        return status === 0 ? undefined : 'no root directory can be entered here';
    }

    /** @param {'bullseye' | 'bookworm'} suite Debian 11 or 12 */
    static open(suite) {
        const cache = path.join(cacheFolder, `clean-${suite}`);
        if (!fs.existsSync(path.join(cache, '.complete'))) {
            console.log(`Making a clean Debian (${suite}) with debootstrap; this takes about a minute …`);
            fs.rmSync(cache, { recursive: true, force: true });
            fs.mkdirSync(cache, { recursive: true });
            execFileSync('debootstrap', ['--variant=minbase', '--include=python3', suite, cache, mirror()], {
                stdio: 'ignore',
            });
            fs.writeFileSync(path.join(cache, '.complete'), '');
        }
        const folder = fs.mkdtempSync(path.join(cache, 'tmp/aml-'));
        return new CleanRoot(cache, folder.slice(cache.length));
    }

    /** A path in the new folder as the system outside names it. @param {string} name */
    outside(name) {
        return path.join(this.#root, this.folder, name);
    }

    /** The same as the root names it. @param {string} name */
    inside(name) {
        return path.join(this.folder, name);
    }

    /**
     * What runs a command of the root in the new folder, with nothing of this machine's environment.
     * @param {readonly string[]} command
     * @param {Record<string, string>} [environment]
     * @returns {string[]}
     */
    command(command, environment = {}) {
        const variables = { PATH: '/usr/bin:/bin', HOME: this.folder, ...environment };
        const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
        // The kernel's file system of processes belongs to every system; this mount is seen by nobody else.
        const enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
        const prepare = ['/usr/bin/env', '-i', '-C', this.folder, ...settings];
        return ['unshare', '--mount', 'sh', '-c', enter, this.#root, ...prepare, ...command];
    }

    /** Starts it. @param {readonly string[]} command @param {Record<string, string>} [environment] */
    start(command, environment) {
        const [program = '', ...args] = this.command(command, environment);
        return new Program(program, args);
    }

    remove() {
        fs.rmSync(this.outside('.'), { recursive: true, force: true });
    }
}

/** Where this machine gets its own packages from. */
function mirror() {
    const targets = execFileSync('apt-get', [
        'indextargets',
        '--format',
        '$(REPO_URI)',
        'Created-By: Packages',
    ]);
    const [first] = targets.toString().split('\n');
    if (!first) throw new Error('apt has no package lists; run apt-get update first.');
    return first;
}
