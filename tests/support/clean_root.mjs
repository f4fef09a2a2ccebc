// @ts-check
// A Debian of its own with nothing but the base system and Python: what a newcomer's machine has.
// Made once by debootstrap and kept in the cache folder; what a test puts there is in a folder of its own.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Program } from '../support/processes.mjs';

const suite = 'bookworm';
const cache = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'),
    'azureml-experiments',
    `clean-${suite}`,
);

export class CleanRoot {
    /** @param {string} folder a new folder in the root, as the root names it */
    constructor(folder) {
        this.folder = folder;
    }

    /** Only root can change the root directory, and not in every container. */
    static get isPossible() {
        return spawnSync('unshare', ['--mount', 'true']).status === 0;
    }

    static open() {
        if (!fs.existsSync(path.join(cache, '.complete'))) {
            console.log('Making a clean Debian with debootstrap; this takes about a minute …');
            fs.rmSync(cache, { recursive: true, force: true });
            fs.mkdirSync(cache, { recursive: true });
            execFileSync('debootstrap', ['--variant=minbase', '--include=python3', suite, cache, mirror()], {
                stdio: 'ignore',
            });
            fs.writeFileSync(path.join(cache, '.complete'), '');
        }
        const folder = fs.mkdtempSync(path.join(cache, 'tmp/aml-'));
        return new CleanRoot(folder.slice(cache.length));
    }

    /** A path in the new folder as the system outside names it. @param {string} name */
    outside(name) {
        return path.join(cache, this.folder, name);
    }

    /** The same as the root names it. @param {string} name */
    inside(name) {
        return path.join(this.folder, name);
    }

    /**
     * Starts a program of the root in the new folder, with nothing of this machine's environment.
     * @param {readonly string[]} command
     * @param {Record<string, string>} [environment]
     */
    start(command, environment = {}) {
        const variables = { PATH: '/usr/bin:/bin', HOME: this.folder, ...environment };
        const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
        // The kernel's file system of processes belongs to every system; this mount is seen by nobody else.
        const enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
        const prepare = ['/usr/bin/env', '-i', '-C', this.folder, ...settings];
        return new Program('unshare', ['--mount', 'sh', '-c', enter, cache, ...prepare, ...command]);
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
