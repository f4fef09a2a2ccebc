// @ts-check
// Whether the emulator can build environments on this machine.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from './processes.mjs';

/** Debian's Python, which has what setup installs, whatever comes before it on PATH; elsewhere the first on PATH. */
const debianPython = '/usr/bin/python3';
export const systemPython = existsSync(debianPython) ? ['--python', debianPython] : [];

/**
 * Whether pip can install packages here; tried the way the emulator does it.
 * @returns {boolean}
 */
function pipCanInstall() {
    const folder = mkdtempSync(join(tmpdir(), 'aml-demo-'));
    const options = { timeout: 180_000 };
    const made = spawnSync('python3', ['-m', 'venv', folder], options).status === 0;
    const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, 'joblib'];
    const found = made && spawnSync(join(folder, 'bin/python'), download, options).status === 0;
    // One that took too long may leave a child behind that still writes.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
    return found;
}

/**
 * How jobs get their packages here: built as Azure would, or Debian's where pip can install nothing.
 * @returns {'build' | 'system'}
 */
export function chooseEnvironments() {
    if (pipCanInstall()) {
        process.stdout.write('pip can install packages: the environment is built as Azure would.\n');
        return 'build';
    }
    process.stdout.write(
        'The Python package index cannot be reached: the environment is not built, and the job\n' +
            "runs with Debian's Python and scikit-learn.\n",
    );
    const setup = ['.ci/setup.mjs', 'sklearn'];
    if (spawnSync('node', setup, { cwd: root, stdio: 'inherit' }).status !== 0) {
        throw new Error("Debian's scikit-learn cannot be installed either.");
    }
    return 'system';
}
