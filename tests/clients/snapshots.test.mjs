// @ts-check
// What azure-ai-ml uploaded `aml` recognises, and the other way round: the same content hash, the same code asset, and
// not a byte sent twice. Proved from the record of all exchanges.

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { killWhatRuns } from '../support/processes.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

/** @typedef {import('../support/emulator.mjs').Exchange} Exchange */
/** @typedef {import('../support/project.mjs').Project} Project */

/** Names and contents on which two implementations could differ. */
const files = {
    'train.py': 'print("same snapshot")\n',
    'Zebra.txt': 'upper case before lower case, or not?',
    'apple.txt': 'a',
    'apple-2.txt': 'b',
    'apple/core.txt': 'c',
    'empty.txt': '',
    'windows.txt': 'a\r\nb\r\n',
    'größe/ÄÖ.txt': 'ä',
    'Ωmega.txt': 'Greek',
    'İstanbul.txt': 'a capital letter whose lower case has two code points',
    'with space/a+b%20c.txt': 'signs',
    '.hidden/file': 'hidden',
    'keep/data.tmp': 'kept',
    'logs/run.log': 'ignored',
    'x.tmp': 'ignored',
    '.amlignore': '*.tmp\n!keep/*.tmp\nlogs/\n',
};

describe('snapshots of azure-ai-ml and aml', () => {
    /** @type {World} */
    let world;
    /** @type {import('./program.mjs').Client} */
    let sdk;

    before(async () => {
        world = await World.start();
        sdk = world.python('azure-ai-ml', 'azure_ai_ml.py');
    });
    after(() => world?.stop());

    /** @param {Record<string, string>} more */
    const newProject = (more) => {
        const project = world.project();
        project.script('train.py', files['train.py']);
        for (const [path, text] of Object.entries({ ...files, ...more })) project.write(path, text);
        symlinkSync('apple.txt', project.path('link.txt'));
        return project;
    };

    /** The exchanges of one submission. @param {() => Promise<unknown>} submit */
    const exchangesOf = async (submit) => {
        const before = world.emulator.exchanges().length;
        await submit();
        return world.emulator.exchanges().slice(before);
    };

    const bySdk = (/** @type {Project} */ project) =>
        exchangesOf(() =>
            sdk.call('submit', {
                code: project.folder,
                command_line: 'python train.py',
                experiment: 'snapshots',
            }),
        );

    const byAml = (/** @type {Project} */ project) =>
        exchangesOf(async () => {
            const run = await project.json(['run', 'train.py']);
            assert.equal(run.code, 0, run.stderr);
        });

    /** What was uploaded, by its path in the container. @param {Exchange[]} exchanges */
    const uploads = (exchanges) =>
        exchanges
            .filter(
                ({ method, url, status }) =>
                    method === 'PUT' && status === 201 && !/[?&]api-version=/.test(url),
            )
            .map(({ url }) => decodeURIComponent(new URL(url).pathname).split('/').slice(4).join('/'))
            .sort();

    /** @param {Exchange[]} exchanges */
    const registered = (exchanges) =>
        exchanges
            .filter(({ method, url }) => method === 'PUT' && /\/codes\/[^/]+\/versions\/[^/?]+\?/.test(url))
            .map(({ requestBody, responseBody }) => ({
                id: responseBody.id,
                hash: requestBody.properties.properties.hash_sha256,
            }));

    /** @param {Exchange[]} exchanges */
    const codeOfJob = (exchanges) => {
        const created = exchanges.filter(
            ({ method, url }) => method === 'PUT' && /\/jobs\/[^/?]+\?/.test(url),
        );
        assert.equal(created.length, 1);
        return created[0]?.requestBody.properties.codeId.toLowerCase();
    };

    const sent = (/** @type {Project} */ project) => {
        const names = Object.keys(files).filter((name) => name !== 'x.tmp' && name !== 'logs/run.log');
        return [...names, 'link.txt', 'who.txt', 'train.job.json', '.azureml/config.json']
            .filter((name) => project.has(name))
            .sort();
    };

    test('aml reuses what the SDK uploaded', async () => {
        const project = newProject({ 'who.txt': 'first by the SDK' });
        const first = await bySdk(project);
        assert.deepEqual(uploads(first), sent(project));
        const [code] = registered(first);
        assert.match(code?.hash, /^[0-9a-f]{64}$/);
        assert.equal(codeOfJob(first), code?.id.toLowerCase());

        const second = await byAml(project);
        assert.deepEqual(uploads(second), []);
        assert.deepEqual(registered(second), []);
        assert.ok(second.some(({ method, url }) => method === 'GET' && url.includes(`hash=${code?.hash}`)));
        assert.equal(codeOfJob(second), codeOfJob(first));
    });

    test('the SDK reuses what aml uploaded', async () => {
        const project = newProject({ 'who.txt': 'first by aml' });
        const first = await byAml(project);
        assert.deepEqual(uploads(first), sent(project));
        const [code] = registered(first);
        assert.equal(codeOfJob(first), code?.id.toLowerCase());

        const second = await bySdk(project);
        assert.deepEqual(uploads(second), []);
        assert.deepEqual(registered(second), []);
        assert.ok(second.some(({ method, url }) => method === 'GET' && url.includes(`hash=${code?.hash}`)));
        assert.equal(codeOfJob(second), codeOfJob(first));
    });

    test('a change of one byte is another snapshot for both', async () => {
        const project = newProject({ 'who.txt': 'a' });
        const first = await byAml(project);
        project.write('who.txt', 'b');
        const second = await bySdk(project);
        assert.notEqual(codeOfJob(second), codeOfJob(first));
        assert.notEqual(registered(second)[0]?.hash, registered(first)[0]?.hash);
    });
});
