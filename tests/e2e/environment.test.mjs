// @ts-check
// An environment that cannot be built on this machine: the run says why and what to do.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/**
 * What a run reports that needs a package nobody has built yet.
 * @param {NodeJS.ProcessEnv} env of the emulator
 * @param {Record<string, unknown>} [workspace] keys of its seed
 */
async function reportOfRun(env, workspace = {}) {
    const cache = mkdtempSync(join(tmpdir(), 'aml-cache-'));
    const args = ['--node-start', '50', '--env-cache', cache];
    const seed = { workspaces: [{ computes: [{ name: 'cpu-cluster' }], ...workspace }] };
    const emulator = await Emulator.start({ environments: 'build', args, env, seed });
    const project = new Project(emulator).bind();
    const conda_file = { dependencies: ['pip', { pip: ['joblib'] }] };
    project.script('train.py', 'print(1)\n', {
        environment: { image: 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04', conda_file },
    });
    const { code, stdout, stderr } = await project.aml(['run', 'train.job.json', '--follow']);
    assert.notEqual(code, 0);
    project.remove();
    await emulator.stop();
    return stdout + stderr;
}

test('without a package index', async () => {
    const nowhere = { PIP_INDEX_URL: 'http://127.0.0.1:1/simple', PIP_RETRIES: '1', PIP_FIND_LINKS: '' };
    assert.match(await reportOfRun(nowhere), /package index cannot be reached from this machine/);
});

test('without the means to make virtual environments', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aml-python-'));
    execFileSync('/usr/bin/python3', ['-m', 'venv', '--without-pip', folder]);
    // Debian's Python when python3-venv is not installed.
    const [library = ''] = readdirSync(join(folder, 'lib'));
    const startup = join(folder, 'lib', library, 'site-packages/startup.pth');
    writeFileSync(startup, 'import sys; sys.modules["ensurepip"] = None\n');
    const report = await reportOfRun({ AZUREML_EMULATOR_PYTHON: join(folder, 'bin/python3') });
    assert.match(report, /Install python3-venv/);
});

test('without Python', async () => {
    const report = await reportOfRun({ AZUREML_EMULATOR_PYTHON: '/bin/true' });
    assert.match(report, /\/bin\/true is no Python 3\.6 or newer\. Install Python 3/);
});

test('where the subscription may build no images', async () => {
    const report = await reportOfRun({}, { imageBuilds: 0 });
    assert.match(report, /the subscription may not build images, as is usual with free credit; choose a curated/);
});
