// @ts-check
// What the programs of a package must be able to do, wherever they can be run here.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';

import { hostTarget } from '../../.ci/targets.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, root } from '../support/processes.mjs';
import { jsonLines } from '../support/project.mjs';
import { madePackages, unpack } from './packages.mjs';
import { placesOf } from './places.mjs';

/** @typedef {import('./places.mjs').Station} Station */
/** @typedef {import('../support/emulator.mjs').ReadyLine} ReadyLine */

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const script = 'import sys\nprint("trained on", sys.platform)\n';

/** Declares the tests of every package whose target has such a name. @param {RegExp} names */
export function testPackages(names) {
    const made = madePackages();
    const tested = made.filter(({ name }) => names.test(name));
    const native = made.find(({ target }) => target !== undefined && target === hostTarget());
    after(killWhatRuns);
    for (const one of tested) testPackage(one, native);
    if (tested.length === 0) test(`packages like ${names}`, { skip: 'there are none in build/' }, () => {});
}

/** @typedef {import('./packages.mjs').Package} Package */

/** @param {Package} made @param {Package | undefined} native that of this machine */
function testPackage(made, native) {
    const { target } = made;
    if (target === undefined) return;
    const bin = unpack(made);
    for (const place of placesOf(target)) {
        /**
         * @param {string} name
         * @param {string | undefined} obstacle why it cannot be
         * @param {(station: Station) => Promise<void>} act
         */
        const declare = (name, obstacle, act) =>
            test(
                `${target.name} ${place.name}: ${name}`,
                { skip: obstacle ?? false, timeout: 600_000 },
                (t) => {
                    const station = place.open(bin, target.exe);
                    t.after(() => station.remove());
                    return act(station);
                },
            );
        declare('aml says what it is', place.impossible, async (station) => {
            const { code, stdout, stderr } = await station.start('aml', ['--version']).ended;
            assert.equal(code, 0, stderr);
            assert.ok(stdout.includes(version) && stdout.includes(target.name), stdout);
        });
        declare('aml is a language server', place.impossible, async (station) => {
            const client = new LanguageClient(station.launch('aml', ['serve', '--stdio']));
            const { capabilities } = await client.initialize();
            assert.ok(capabilities.executeCommandProvider);
            await client.request('shutdown');
            client.notify('exit');
            if (place.mustEndInput) client.program.child.stdin.end();
            const { code, stderr } = await client.program.ended;
            assert.equal(code, 0, stderr);
        });
        declare(
            'a run is submitted, watched and repeated',
            place.impossible ?? place.withoutPython,
            (station) => withEmulator(station, (ready) => submitAndRepeat(station, ready)),
        );
        if (!place.isForeign) continue;
        const alone = native
            ? undefined
            : 'there is no package of this machine in build/, whose emulator would serve';
        declare(
            'runs are submitted to an emulator of this machine',
            place.impossible ?? alone,
            async (station) => {
                const [hostPlace] = native?.target ? placesOf(native.target) : [];
                const host = native && hostPlace?.open(unpack(native), native.target?.exe ?? '');
                assert.ok(host);
                await withEmulator(host, (ready) => submitAndRepeat(station, ready)).finally(() =>
                    host.remove(),
                );
            },
        );
    }
}

/** @param {Station} station @param {(ready: ReadyLine) => Promise<void>} act */
async function withEmulator(station, act) {
    const emulator = station.start('aml', ['emulator', '--state', 'emulator', '--environments', 'system']);
    try {
        const [line] = await emulator.output(/^\{.*\}\r?$/m);
        await act(JSON.parse(line));
    } catch (error) {
        throw new Error(`${error}\nThe emulator has said: ${emulator.stderr.slice(-4000)}`, { cause: error });
    } finally {
        await emulator.kill('SIGTERM');
    }
}

/** @param {Station} station @param {ReadyLine} ready */
async function submitAndRepeat(station, ready) {
    mkdirSync(join(station.folder, 'project'));
    writeFileSync(join(station.folder, 'project/train.py'), script);
    writeFileSync(join(station.folder, 'project/requirements.txt'), '');
    const where = ['--workspace', ready.workspace, '--experiment', 'platforms', '--compute', 'serverless'];
    const first = await follow(station, ready, [
        'run',
        'project/train.py',
        ...where,
        '--environment',
        'general',
    ]);
    const second = await follow(station, ready, ['repeat', 'project/train.py']);
    assert.notEqual(first, second);
}

/**
 * Runs a command that submits and watches until the run has ended.
 * @param {Station} station @param {ReadyLine} ready @param {readonly string[]} args
 * @returns {Promise<string>} the run's id
 */
async function follow(station, ready, args) {
    const environment = {
        AZUREML_ARM_ENDPOINT: ready.armEndpoint,
        AZURE_TENANT_ID: ready.tenantId,
        AZURE_CLIENT_ID: ready.clientId,
        AZURE_CLIENT_SECRET: ready.clientSecret,
    };
    const { code, stdout, stderr } = await station.start('aml', [...args, '--follow', '--json'], environment)
        .ended;
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    const events = jsonLines(stdout.replaceAll('\r', ''));
    const last = events.at(-1);
    assert.equal(last.status, 'Completed', stdout);
    assert.match(events.map(({ text = '' }) => text).join(''), /trained on /);
    return last.id;
}
