// @ts-check
// How long a server takes from spawn to its answer to `initialize`, and what it weighs then.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { hostTarget } from '../../.ci/targets.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { binaries, root } from '../support/processes.mjs';
import { percentile, residentMegabytes, timed } from './measure.mjs';

const rounds = 21;
// As people get it: linked with everything but the C library.
const packaged = join(root, 'build/vsix', hostTarget()?.name ?? '', 'bin/aml');
const yaml = join(root, 'node_modules/yaml-language-server/bin/yaml-language-server');

/** @returns {Promise<import('./bench.mjs').Measurement[]>} */
export async function measureStart() {
    const folder = mkdtempSync(join(tmpdir(), 'aml-bench-'));
    const servers = [
        { name: 'aml', command: [packaged, 'serve', '--stdio'], limit: 15, memory: 25 },
        { name: 'aml with the libraries of this machine', command: [join(binaries, 'aml'), 'serve', '--stdio'] },
        { name: 'clangd', command: ['clangd', '--log=error'] },
        { name: 'yaml-language-server (Node)', command: ['node', yaml, '--stdio'] },
    ];
    /** @type {Map<string, { times: number[], memory: number }>} */
    const results = new Map(servers.map(({ name }) => [name, { times: [], memory: 0 }]));
    // In turns, so that whatever else the machine does meets all of them alike.
    for (let round = 0; round < rounds; round += 1) {
        for (const { name, command } of servers) {
            const result = results.get(name);
            const [client, time] = await timed(async () => {
                const started = new LanguageClient({ command, cwd: folder });
                await started.initialize({ stateDirectory: join(folder, 'state') });
                return started;
            });
            result?.times.push(time);
            if (round === 0 && result !== undefined) {
                await pause(500);
                result.memory = residentMegabytes(client);
            }
            await client.program.kill();
        }
    }
    rmSync(folder, { recursive: true, force: true });
    return servers.flatMap(({ name, limit, memory }) => {
        const { times = [], memory: used = Number.NaN } = results.get(name) ?? {};
        return [
            {
                what: `${name}: spawn to initialize, median of ${rounds}`,
                value: percentile(times, 0.5),
                unit: 'ms',
                limit,
            },
            { what: `${name}: the same, 90th percentile`, value: percentile(times, 0.9), unit: 'ms' },
            { what: `${name}: idle resident memory`, value: used, unit: 'MB', limit: memory },
        ];
    });
}
