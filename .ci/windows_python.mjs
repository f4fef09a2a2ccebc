// @ts-check
// usage: node .ci/windows_python.mjs
// Python for Windows, which jobs of the emulator run with under Wine: from Maven Central, pinned, into the cache.

import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { cache, makeOnce } from './cache.mjs';
import { Failure, isInstalled, run, say, script } from './tools.mjs';

const version = '3.11.3-1.5.9';
const sha256 = '3263a50b256447bb7b9e604d6587627e419891370fc33b94469e6a06ff4de834';

/** The folder with its python.exe, where this has been run. */
export const windowsPython = join(cache, `windows-python-${version}`);

async function install() {
    await makeOnce(windowsPython, `Python ${version} for Windows`, async (folder) => {
        const archive = join(folder, `cpython-${version}-windows-x86_64.jar`);
        const artifact = `org.bytedeco:cpython:${version}:jar:windows-x86_64`;
        await run('mvn', [
            '--batch-mode',
            '--quiet',
            'dependency:copy',
            `-Dartifact=${artifact}`,
            `-DoutputDirectory=${folder}`,
        ]);
        const found = createHash('sha256').update(readFileSync(archive)).digest('hex');
        if (found !== sha256) throw new Failure(`${artifact} has the hash ${found}, where ${sha256} is pinned.`);
        await run('python3', ['-m', 'zipfile', '-e', archive, join(folder, 'archive')]);
        const content = join(folder, 'archive/org/bytedeco/cpython/windows-x86_64');
        // What a Python for Windows finds beside its program, without what Java needs.
        for (const name of ['python.exe', 'python311.dll', 'lib'])
            cpSync(join(content, name), join(folder, name), { recursive: true });
        for (const name of [archive, join(folder, 'archive')]) rmSync(name, { recursive: true });
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await script(async () => {
        if (isInstalled('wine')) await install();
        else say('Python for Windows is not installed: there is no Wine here that would run it.');
    });
}
