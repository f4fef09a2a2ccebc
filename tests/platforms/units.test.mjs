// @ts-check
// The unit tests that `.ci/units.mjs` has built for other systems, wherever they can be run here. A program is one test,
// which is named by what doctest has counted in it.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { targetsNamed } from '../../.ci/targets.mjs';
import { root } from '../support/processes.mjs';
import { placesOf } from './places.mjs';

/** @typedef {import('./places.mjs').Place} Place */

// Longer than any honest test program; a hang must not hold up the rest for ever.
const patienceMs = 10 * 60 * 1000;

for (const target of targetsNamed(['win32-x64'])) {
    const bin = join(root, 'build', `${target.name}-tests`, 'bin');
    const ending = `_tests${target.exe}`;
    const programs = existsSync(bin) ? readdirSync(bin).filter((name) => name.endsWith(ending)).sort() : [];
    for (const place of placesOf(target)) {
        const title = `unit tests of ${target.name} ${place.name}`;
        const missing = programs.length === 0 ? 'they are not built: npm run platforms does it' : undefined;
        const obstacle = place.impossible ?? missing;
        if (obstacle !== undefined) test(title, { skip: obstacle }, () => {});
        else for (const name of programs) await testProgram(title, place, bin, name.slice(0, -target.exe.length), target.exe);
    }
}

/**
 * Runs the program first, since a test has its name before it runs.
 * @param {string} title @param {Place} place @param {string} bin @param {string} program @param {string} exe
 */
async function testProgram(title, place, bin, program, exe) {
    const station = place.open(bin, exe);
    const running = station.start(program, []);
    const timer = setTimeout(() => running.kill(), patienceMs);
    const { code, signal, stdout, stderr } = await running.ended.finally(() => {
        clearTimeout(timer);
        station.remove();
    });
    const [, passed, failed, skipped] =
        stdout.match(/test cases:\s*\d+ \|\s*(\d+) passed \|\s*(\d+) failed \|\s*(\d+) skipped/) ?? [];
    const counts = passed === undefined ? 'no result' : `${passed} passed, ${failed} failed, ${skipped} skipped`;
    test(`${title}: ${program}: ${counts}`, () => {
        assert.equal(code, 0, `${signal ?? ''}\n${stdout}\n${stderr}`);
        assert.notEqual(passed, undefined, stdout);
    });
}
