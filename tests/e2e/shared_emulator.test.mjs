// @ts-check
// One local Azure ML for all windows: a second start finds the first, and the next one has the same address.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { binaries, killWhatRuns, Program } from '../support/processes.mjs';

after(killWhatRuns);

test('emulators that share a state are one, and come back at the same address', async (t) => {
    const state = mkdtempSync(join(tmpdir(), 'aml-shared-'));
    t.after(() => rmSync(state, { recursive: true, force: true }));
    const start = (/** @type {string[]} */ ...flags) =>
        new Program(join(binaries, 'aml'), ['emulator', '--state', state, ...flags]);
    const readyLine = async (/** @type {Program} */ program) => (await program.output(/^\{.*\}$/m))[0];

    // Both at once, as two windows that open together do: whoever is first serves the other.
    const both = [start('--shared'), start('--shared')];
    const [one, other] = await Promise.all(both.map(readyLine));
    assert.equal(one, other);
    const ended = await Promise.race(both.map(({ ended }) => ended));
    assert.equal(ended.code, 0);
    const { armEndpoint } = JSON.parse(one ?? '');
    assert.equal((await fetch(`${armEndpoint}/metadata/endpoints?api-version=2022-09-01`)).status, 200);

    const refused = await start().ended;
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /Another emulator is running/);

    await Promise.all(both.map((program) => program.kill('SIGTERM')));
    const next = start('--shared');
    assert.equal(await readyLine(next), one);
    await next.kill('SIGTERM');
});
