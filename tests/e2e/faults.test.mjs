// @ts-check
// A network and a service as they are on a bad day.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

/**
 * Runs a small script to its end under these conditions.
 * @param {import('../support/emulator.mjs').EmulatorOptions} options
 */
async function completes(options) {
    const emulator = await Emulator.start({ ...options, args: ['--node-start', '50', ...(options.args ?? [])] });
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("trained all the same")\n');
    const run = await project.json(['run', 'train.py', '--follow']);
    assert.equal(run.code, 0, run.stderr);
    const log = run.values.filter(({ event }) => event === 'log').map(({ text }) => text);
    assert.match(log.join(''), /trained all the same/);
    // The bad day is this question's too.
    const jobs = await until(async () => {
        const answer = await emulator.arm('GET', `${emulator.workspaceId}/jobs`).catch(() => undefined);
        return answer?.status === 200 && answer.body.value;
    }, 'the emulator lists its jobs');
    assert.equal(jobs.length, 1);
    project.remove();
    await emulator.stop();
}

test('a slow network', () => completes({ args: ['--latency', '150'] }));

test('a thousand requests in flight while Azure is slow are each answered, and cost one call', async () => {
    const emulator = await Emulator.start({ args: ['--latency', '300'] });
    const project = new Project(emulator);
    const client = new LanguageClient({ env: project.environment });
    await client.initialize({ stateDirectory: project.stateFolder, auth: 'servicePrincipal' });
    const requests = Array.from({ length: 1000 }, () => client.start('tree/children', {}));
    // Whoever gives up does not take the answer from the others.
    const given = requests.filter((_, index) => index % 3 === 0);
    for (const request of given) request.cancel();
    const outcomes = await Promise.allSettled(requests.map(({ result }) => result));
    for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') assert.equal(outcome.value.nodes.length, 1);
        else assert.ok(index % 3 === 0 && outcome.reason.code === -32800, String(outcome.reason));
    }
    const listings = emulator.exchanges(({ url }) => /\/subscriptions\?/.test(url));
    assert.equal(listings.length, 1);
    assert.equal((await client.shutDown()).code, 0);
    project.remove();
    await emulator.stop();
});

test('a service that asks to come back later', () =>
    completes({
        faults: {
            rules: [
                { route: '**/codes/**', status: 429, headers: { 'Retry-After': '1' }, times: 1 },
                { method: 'PUT', route: '**/jobs/*', status: 503, headers: { 'Retry-After': '1' }, times: 1 },
                { route: '**/batchrundata', status: 429, headers: { 'Retry-After': '1' }, times: 1 },
            ],
        },
    }));

test('storage that accepts no shared keys', () =>
    completes({ seed: { workspaces: [{ sharedKeys: 0, computes: [{ name: 'cpu-cluster' }] }] } }));

test('run details that name no log files', () =>
    completes({ seed: { workspaces: [{ logFiles: 0, computes: [{ name: 'cpu-cluster' }] }] } }));

test('a metric service that keeps no last values', async () => {
    const emulator = await Emulator.start({
        seed: { workspaces: [{ experiments: [{ name: 'seeded', runs: 1 }] }] },
        faults: { rules: [{ route: '**/lastvalues', status: 404 }] },
    });
    const project = new Project(emulator).bind();
    const [{ name }] = (await emulator.arm('GET', `${emulator.workspaceId}/jobs`)).body.value;
    const metrics = [0.5, 0.75].map((value, step) => ({ key: 'accuracy', value, step, timestamp: step }));
    const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    assert.equal((await emulator.arm('POST', batch, { run_id: name, metrics })).status, 200);
    const { values } = await project.json(['status', name]);
    assert.equal(values[0].metrics.accuracy, 0.75);
    project.remove();
    await emulator.stop();
});

test('connections that break before and after the service has acted', () =>
    completes({
        faults: {
            rules: [
                { method: 'POST', route: '**/token', reset: true, times: 1 },
                { method: 'PUT', route: '**/train.py', reset: true, times: 1 },
                { method: 'PUT', route: '**/jobs/*', stage: 'after', reset: true, times: 1 },
                { route: '**/batchrundata', reset: true, times: 1, after: 1 },
            ],
        },
    }));

test('answers that are cut off', () =>
    completes({
        faults: {
            rules: [
                { method: 'PUT', route: '**/codes/*/versions/*', stage: 'after', truncate: true, times: 1 },
                { method: 'PUT', route: '**/jobs/*', stage: 'after', truncate: true, times: 1 },
            ],
        },
    }));

test('a token that is refused in the middle', () =>
    completes({
        faults: {
            rules: [
                {
                    method: 'PUT',
                    route: '**/jobs/*',
                    status: 401,
                    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
                    times: 1,
                },
            ],
        },
    }));

test('a token and a signature that run out in the middle', () =>
    completes({
        faults: {
            rules: [
                { method: 'PUT', route: '**/jobs/*', expired: true, times: 1 },
                { route: '**/batchrundata', expired: true, times: 1 },
            ],
        },
    }));

test('a service that names the date to come back, by a clock an hour ahead', () =>
    completes({
        faults: {
            clockSkewMs: 3_600_000,
            rules: [
                { method: 'PUT', route: '**/jobs/*', status: 429, retryAfterDate: 1, times: 1 },
                { route: '**/batchrundata', status: 503, retryAfterDate: 1, times: 1 },
            ],
        },
    }));

test('a service whose clock is an hour behind', () => completes({ faults: { clockSkewMs: -3_600_000, rules: [] } }));

test('answers that come slowly, and documents that end in the middle', () =>
    completes({
        faults: {
            rules: [
                { route: '**/codes/**', cut: true, times: 1 },
                { method: 'PUT', route: '**/jobs/*', cut: true, times: 1 },
                { route: '**/batchrundata', cut: true, times: 1 },
                { route: '**', trickleMs: 200 },
            ],
        },
    }));

test('tokens that live for seconds', () => completes({ args: ['--token-lifetime', '2'] }));

test('every third call fails somehow', () =>
    completes({
        faults: {
            seed: 7,
            rules: [
                { method: 'GET', route: '**', status: 503, probability: 0.2 },
                { method: 'PUT', route: '**', status: 500, probability: 0.1 },
                { method: 'GET', route: '**', reset: true, probability: 0.1 },
            ],
        },
    }));
