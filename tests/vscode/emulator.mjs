// @ts-check
// Starts the local Azure ML for a test, as a program on its own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { recordFile } from '../support/emulator.mjs';
import { systemPython } from '../support/environments.mjs';
import { binaries } from '../support/processes.mjs';

/**
 * @param {string} state folder that keeps its state
 * @param {readonly string[]} [options] more of its options
 * @returns {Promise<{ ready: Record<string, string>, stop: () => Promise<void> }>}
 */
export async function startEmulator(state, options = []) {
    // For the suite `fidelity`; a demo has nobody to read it.
    const record = 'AML_RECORD_DIR' in process.env ? ['--record', recordFile(state)] : [];
    const child = spawn(
        path.join(binaries, 'aml'),
        ['emulator', '--state', state, '--environments', 'system', ...systemPython, ...record, ...options],
        {
            stdio: ['ignore', 'pipe', 'inherit'],
        },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const line = await new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)));
        createInterface({ input: child.stdout }).once('line', resolve);
    });
    return {
        ready: JSON.parse(line),
        stop: async () => {
            child.kill('SIGTERM');
            await ended;
        },
    };
}
