// @ts-check
// The systems that packages are made for, by VS Code's names of them, and which of them this machine is.

import { existsSync } from 'node:fs';

import { Failure } from './tools.mjs';

/**
 * @typedef Target
 * @property {string} name as `vsce --target` takes it
 * @property {string} triple as Zig's compiler takes it; with the oldest C library or system that it runs on
 * @property {'linux' | 'macos' | 'windows'} family the toolchain file of this name
 * @property {string} processor as CMake names it
 * @property {string} openssl name of OpenSSL's configuration
 * @property {'' | '.exe'} exe the ending of a program's name
 */

/** @type {readonly Target[]} */
export const targets = [
    linux('linux-x64', 'x86_64', 'gnu.2.28'),
    linux('linux-arm64', 'aarch64', 'gnu.2.28'),
    linux('alpine-x64', 'x86_64', 'musl'),
    linux('alpine-arm64', 'aarch64', 'musl'),
    macos('darwin-x64', 'x86_64'),
    macos('darwin-arm64', 'aarch64'),
    windows('win32-x64', 'x86_64'),
    windows('win32-arm64', 'aarch64'),
];

/** The target of this machine, by VS Code's names; undefined if there is none. @returns {Target | undefined} */
export function hostTarget() {
    const alpine = process.platform === 'linux' && existsSync('/etc/alpine-release');
    const name = `${alpine ? 'alpine' : process.platform}-${process.arch}`;
    return targets.find((target) => target.name === name);
}

/**
 * The targets of these names; without a name the one of this machine.
 * @param {readonly string[]} names @returns {readonly Target[]}
 */
export function targetsNamed(names) {
    const wanted = names.length === 0 ? [hostTarget()] : names.map((name) => targets.find((target) => target.name === name));
    const found = wanted.filter((target) => target !== undefined);
    if (found.length === wanted.length) return found;
    throw new Failure(`Name some of these targets: ${targets.map(({ name }) => name).join(', ')}.`);
}

/** @param {string} name @param {string} processor @param {string} library @returns {Target} */
function linux(name, processor, library) {
    const openssl = processor === 'x86_64' ? 'linux-x86_64' : 'linux-aarch64';
    return { name, triple: `${processor}-linux-${library}`, family: 'linux', processor, openssl, exe: '' };
}

/** @param {string} name @param {string} processor @returns {Target} */
function macos(name, processor) {
    const openssl = processor === 'x86_64' ? 'darwin64-x86_64-cc' : 'darwin64-arm64-cc';
    return { name, triple: `${processor}-macos.11.0`, family: 'macos', processor, openssl, exe: '' };
}

/** @param {string} name @param {string} processor @returns {Target} */
function windows(name, processor) {
    const triple = `${processor}-windows-gnu`;
    return { name, triple, family: 'windows', processor, openssl: 'mingw64', exe: '.exe' };
}
