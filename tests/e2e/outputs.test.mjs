// @ts-check
// The files that a run left: listed, downloaded, gone on with after a cut, and never written over what is there.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/** Larger than one piece of a download. */
const size = 9_000_000;

const script = `
import hashlib, os
os.makedirs("outputs/deep er", exist_ok=True)
data = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(${size} // 32))
open("outputs/model.bin", "wb").write(data)
open("outputs/deep er/empty.txt", "w").close()
print(hashlib.sha256(data).hexdigest())
`;

/** A project whose run has left its files. @param {import('../support/emulator.mjs').EmulatorOptions} [options] */
async function withOutputs(options) {
    const emulator = await Emulator.start({ ...options, args: ['--node-start', '50'] });
    const project = new Project(emulator).bind().script('train.py', script);
    const run = await project.json(['run', 'train.py', '--follow']);
    assert.equal(run.code, 0, run.stderr);
    const hash = run.values.map(({ text = '' }) => text).join('').match(/[0-9a-f]{64}/)?.[0];
    return { emulator, project, hash, job: run.values.at(-1).name };
}

/** @param {string} file */
const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

test('outputs are listed without logs, and downloaded as they are', async () => {
    const { emulator, project, hash, job } = await withOutputs();
    const listed = await project.aml(['outputs', job]);
    assert.deepEqual(listed.stdout.trim().split('\n'), ['outputs/deep er/empty.txt', 'outputs/model.bin']);
    const below = await project.json(['outputs', job, '--path', 'outputs/deep er']);
    assert.deepEqual(below.values, [{ path: 'outputs/deep er/empty.txt' }]);

    const saved = await project.json(['outputs', job, '--download', 'kept']);
    assert.equal(saved.code, 0, saved.stderr);
    assert.deepEqual(saved.values.map(({ downloaded }) => downloaded), [true, true]);
    const model = join(project.folder, 'kept/outputs/model.bin');
    assert.equal(hashOf(model), hash);
    assert.equal(readFileSync(join(project.folder, 'kept/outputs/deep er/empty.txt'), 'utf8'), '');
    assert.deepEqual(readdirSync(join(project.folder, 'kept/outputs')).sort(), ['deep er', 'model.bin']);

    const again = await project.json(['outputs', job, '--download', 'kept']);
    assert.deepEqual(again.values.map(({ downloaded }) => downloaded), [false, false]);

    writeFileSync(model, 'mine');
    const refused = await project.aml(['outputs', job, '--download', 'kept']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /model\.bin exists already and is another file\. Choose another folder/);
    assert.equal(readFileSync(model, 'utf8'), 'mine');
    project.remove();
    await emulator.stop();
});

test('a download that was cut off is gone on with', async () => {
    const { emulator, project, hash, job } = await withOutputs({
        // Beyond what is tried again by itself; the first piece passes.
        faults: { rules: [{ method: 'GET', route: '**/outputs/model.bin', reset: true, after: 1, times: 6 }] },
    });
    const cut = await project.aml(['outputs', job, '--download', 'kept']);
    assert.equal(cut.code, 1, cut.stdout);
    const folder = join(project.folder, 'kept/outputs');
    assert.equal(existsSync(join(folder, 'model.bin')), false);
    const asked = emulator.exchanges(({ method, url }) => method === 'GET' && url.includes('/outputs/model.bin')).length;
    for (let tries = 0; tries < 3 && !existsSync(join(folder, 'model.bin')); tries += 1)
        await project.aml(['outputs', job, '--download', 'kept']);
    assert.equal(hashOf(join(folder, 'model.bin')), hash);
    const ranges = emulator
        .exchanges(({ method, url }) => method === 'GET' && url.includes('/outputs/model.bin'))
        .slice(asked)
        .map(({ requestHeaders }) => requestHeaders['x-ms-range']);
    assert.ok(ranges.every((range) => !range.startsWith('bytes=0-')), `started again: ${ranges}`);
    assert.deepEqual(readdirSync(folder).sort(), ['deep er', 'model.bin']);
    project.remove();
    await emulator.stop();
});

test('a run that left nothing, and a run that is none', async () => {
    const emulator = await Emulator.start({ seed: { workspaces: [{ experiments: [{ name: 'seeded', runs: 1 }] }] } });
    const project = new Project(emulator).bind();
    const [{ name }] = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
    const nothing = await project.aml(['outputs', name]);
    assert.equal(nothing.code, 0, nothing.stderr);
    assert.match(nothing.stderr, /The run has no such files\./);
    const none = await project.aml(['outputs', 'no-such-run']);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /There is no run 'no-such-run'/);
    project.remove();
    await emulator.stop();
});
