// @ts-check
// Where programs of each target can be run on this machine: as they are, under an emulator of another processor or of
// Windows, in the root directory of an older system.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cache } from '../../.ci/cache.mjs';
import { hostTarget } from '../../.ci/targets.mjs';
import { isInstalled } from '../../.ci/tools.mjs';
import { windowsPython } from '../../.ci/windows_python.mjs';
import { CleanRoot } from '../support/clean_root.mjs';
import { Program } from '../support/processes.mjs';

/** @typedef {import('../../.ci/targets.mjs').Target} Target */

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {string} [impossible] why nothing can be run there
 * @property {string} [withoutPython] why its emulator could not run a job
 * @property {boolean} [mustEndInput] whether a server ends only when its input does, too
 * @property {boolean} isForeign whether programs of this machine run faster, and serve as the emulator there
 * @property {(bin: string, exe: string) => Station} open with the folder of the programs and the ending of their names
 */

/**
 * @typedef {(program: string, args: readonly string[], env: Record<string, string>) => Started} Command
 * @typedef {{ command: readonly string[], env: NodeJS.ProcessEnv }} Started
 */

/** A folder in a place, in which its programs are run. */
export class Station {
    #command;

    /**
     * @param {string} folder as this machine names it
     * @param {Command} command
     * @param {() => void} remove
     */
    constructor(folder, command, remove) {
        this.folder = folder;
        this.#command = command;
        this.remove = remove;
    }

    /**
     * What starts a program in the folder, for whoever starts it.
     * @param {string} program without the ending of its name
     * @param {readonly string[]} args
     * @param {Record<string, string>} [env]
     */
    launch(program, args, env = {}) {
        return { ...this.#command(program, args, env), cwd: this.folder };
    }

    /**
     * @param {string} program without the ending of its name
     * @param {readonly string[]} args
     * @param {Record<string, string>} [env]
     */
    start(program, args, env) {
        const { command, ...options } = this.launch(program, args, env);
        const [file = '', ...rest] = command;
        return new Program(file, rest, options);
    }
}

/**
 * Every place that a target is to be tried in, those that are impossible here included.
 * @param {Target} target
 * @returns {Place[]}
 */
export function placesOf(target) {
    const host = hostTarget();
    if (target === host) return target.name === 'linux-x64' ? [here(), olderRoot()] : [here()];
    const isLinux = host?.family === 'linux';
    const isStatic = target.triple.endsWith('musl');
    if (isLinux && isStatic && target.processor === host.processor) return [here()];
    if (isLinux && target.family === 'linux' && target.processor === 'aarch64') return [otherProcessor()];
    if (host?.name === 'linux-x64' && target.name === 'win32-x64') return [wine()];
    return [{ ...here(), impossible: `this machine is no ${target.name}, nor can it pretend to be one` }];
}

/** @returns {Place} */
function here() {
    return { name: 'here', isForeign: false, open: (bin, exe) => openFolder([], bin, exe) };
}

/**
 * The kernel is told to start Arm programs with QEMU, so that they can start themselves and each other; in a namespace
 * of users, which concerns nobody else.
 * @returns {Place}
 */
function otherProcessor() {
    const list = '/proc/sys/fs/binfmt_misc';
    const entry = '/usr/lib/binfmt.d/qemu-aarch64.conf';
    const tell = `mount -t binfmt_misc binfmt_misc ${list} && cat ${entry} > ${list}/register`;
    const command = [
        'unshare',
        '--user',
        '--map-root-user',
        '--mount',
        'sh',
        '-c',
        `${tell} && exec "$@"`,
        'sh',
    ];
    const [program = '', ...args] = [...command, 'true'];
    const obstacle = !isInstalled('qemu-aarch64-static')
        ? 'qemu-user-static is not installed here'
        : spawnSync(program, args).status !== 0
          ? 'QEMU cannot be registered for Arm programs here: it takes Linux 6.7 and a namespace of users'
          : undefined;
    return {
        name: 'under QEMU',
        isForeign: true,
        ...(obstacle === undefined ? {} : { impossible: obstacle }),
        // Where glibc for Arm is.
        open: (bin, exe) => openFolder(command, bin, exe, { QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu' }),
    };
}

/** @returns {Place} */
function wine() {
    // Quietly, and without asking for what Wine would like to download.
    const env = {
        WINEPREFIX: join(cache, 'wine'),
        WINEPATH: windowsPython,
        WINEDEBUG: '-all',
        WINEDLLOVERRIDES: 'mscoree,mshtml=',
    };
    return {
        name: 'under Wine',
        isForeign: true,
        // It cannot end a read of a pipe that is none of Windows.
        mustEndInput: true,
        ...(existsSync(windowsPython) ? {} : { withoutPython: 'npm run platforms has not installed Python for Wine' }),
        ...(isInstalled('wine') ? {} : { impossible: 'wine is not installed here' }),
        open: (bin, exe) => {
            mkdirSync(env.WINEPREFIX, { recursive: true });
            return openFolder(['wine'], bin, exe, env);
        },
    };
}

/**
 * @param {readonly string[]} prefix
 * @param {string} bin
 * @param {string} exe
 * @param {Record<string, string>} [environment]
 */
function openFolder(prefix, bin, exe, environment = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'aml-platform-'));
    // Nothing of whoever runs the tests: not their state, not their Azure.
    const homes = { HOME: folder, XDG_STATE_HOME: folder, LOCALAPPDATA: folder, USERPROFILE: folder };
    const kept = Object.entries(process.env).filter(([name]) => !/^(AZURE|LC_|LANG)/.test(name));
    const base = { ...Object.fromEntries(kept), ...homes, ...environment };
    return new Station(
        folder,
        (program, args, env) => ({
            command: [...prefix, join(bin, program + exe), ...args],
            env: { ...base, ...env },
        }),
        () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 }),
    );
}

/** The oldest Debian that can still be had: its glibc is 2.31. @returns {Place} */
function olderRoot() {
    const { impossible } = CleanRoot;
    return {
        name: 'in Debian 11',
        isForeign: false,
        ...(impossible === undefined ? {} : { impossible }),
        open: (bin) => {
            const root = CleanRoot.open('bullseye');
            cpSync(bin, root.outside('bin'), { recursive: true });
            return new Station(
                root.outside('.'),
                (program, args, env) => ({
                    command: root.command([root.inside(`bin/${program}`), ...args], env),
                    env: process.env,
                }),
                () => root.remove(),
            );
        },
    };
}
