// @ts-check
// The packages that were made, whatever machine made them.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { targets } from '../../.ci/targets.mjs';
import { root } from '../support/processes.mjs';
import { unpackZip } from '../support/zip.mjs';

/** @typedef {import('../../.ci/targets.mjs').Target} Target */

/**
 * `target` is undefined for the one without programs.
 * @typedef {{ name: string, vsix: string, target: Target | undefined }} Package
 */

/** @returns {Package[]} */
export function madePackages() {
    const build = join(root, 'build');
    return readdirSync(build).flatMap((file) => {
        const [, name] = file.match(/^azureml-experiments-([\w-]+)\.vsix$/) ?? [];
        if (name === undefined) return [];
        return [{ name, vsix: join(build, file), target: targets.find((target) => target.name === name) }];
    });
}

/**
 * Unpacks a package into a folder that goes when the tests end.
 * @param {Package} made
 * @returns {string} where its programs are
 */
export function unpack({ vsix, name }) {
    const folder = mkdtempSync(join(tmpdir(), `aml-${name}-`));
    process.on('exit', () =>
        rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 }),
    );
    unpackZip(vsix, 'extension', folder);
    return join(folder, 'bin');
}
