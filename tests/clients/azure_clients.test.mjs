// @ts-check
// Microsoft's JavaScript clients, @azure/arm-machinelearning, @azure/arm-resources-subscriptions and
// @azure/storage-blob, against the emulator.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { killWhatRuns, until } from '../support/processes.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

const image = 'mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04';

/** @type {World} */
let world;
/** @type {import('./program.mjs').Client} */
let azure;

before(async () => {
    world = await World.start({ args: ['--page-size', '3'] });
    azure = world.javaScript('azure_clients.mjs');
});
after(() => world?.stop());

describe('@azure/arm-resources-subscriptions', () => {
    test('lists tenants, subscriptions and locations, and gets a subscription', async () => {
        const { tenantId, subscriptionId } = world.emulator.ready;
        const tenants = await azure.call('listTenants');
        assert.deepEqual(
            tenants.map((/** @type {any} */ tenant) => tenant.tenantId),
            [tenantId],
        );
        const [subscription] = await azure.call('listSubscriptions');
        assert.equal(subscription.subscriptionId, subscriptionId);
        assert.equal(subscription.state, 'Enabled');
        assert.equal((await azure.call('getSubscription')).displayName, subscription.displayName);
        const locations = await azure.call('listLocations');
        assert.ok(locations.some((/** @type {any} */ location) => location.name === 'westeurope'));
    });

    test('tells that a subscription does not exist', async () => {
        const failure = await azure.call('missingSubscription');
        assert.equal(failure.statusCode, 404);
        assert.equal(failure.code, 'SubscriptionNotFound');
    });
});

describe('@azure/arm-machinelearning', () => {
    test('gets, lists and updates workspaces', async () => {
        const { workspace } = world.emulator.ready;
        const found = await azure.call('getWorkspace');
        assert.equal(found.id, world.emulator.workspaceId);
        assert.equal(found.provisioningState, 'Succeeded');
        const listed = await azure.call('listWorkspaces');
        assert.deepEqual(
            listed.map((/** @type {any} */ one) => one.name),
            [workspace],
        );
        const changed = await azure.call('updateWorkspace', {
            body: { description: 'ours', tags: { a: 'b' } },
        });
        assert.equal(changed.description, 'ours');
        assert.deepEqual(changed.tags, { a: 'b' });
        const missing = await azure.call('missingWorkspace');
        assert.equal(missing.statusCode, 404);
        assert.equal(missing.code, 'ResourceNotFound');
    });

    test('lists sizes and usages of a location', async () => {
        const { location } = await azure.call('getWorkspace');
        const { value } = await azure.call('listSizes', { location });
        assert.ok(
            value.some((/** @type {any} */ size) => size.name === 'Standard_DS3_v2' && size.vCPUs === 4),
        );
        const usages = await azure.call('listUsages', { location });
        assert.ok(usages.length > 0 && usages.every((/** @type {any} */ usage) => usage.limit !== undefined));
    });

    test('creates, resizes, lists and deletes a compute cluster', async () => {
        const { location } = await azure.call('getWorkspace');
        const scaleSettings = { minNodeCount: 0, maxNodeCount: 2, nodeIdleTimeBeforeScaleDown: 'PT120S' };
        const properties = { vmSize: 'Standard_DS3_v2', vmPriority: 'Dedicated', scaleSettings };
        const made = await azure.call('createCompute', {
            name: 'js-cluster',
            body: { location, properties: { computeType: 'AmlCompute', properties } },
        });
        assert.equal(made.properties.provisioningState, 'Succeeded');
        assert.equal(made.properties.properties.vmSize, 'STANDARD_DS3_V2');
        const resized = await azure.call('updateCompute', {
            name: 'js-cluster',
            body: { properties: { scaleSettings: { ...scaleSettings, maxNodeCount: 5 } } },
        });
        assert.equal(resized.properties.properties.scaleSettings.maxNodeCount, 5);
        const names = async () =>
            (await azure.call('listComputes')).map((/** @type {any} */ one) => one.name).sort();
        assert.deepEqual(await names(), ['cpu-cluster', 'js-cluster']);
        assert.deepEqual(await azure.call('listNodes', { name: 'js-cluster' }), []);
        await azure.call('deleteCompute', { name: 'js-cluster' });
        assert.deepEqual(await names(), ['cpu-cluster']);
    });

    test('follows the pages of a list to their end', async () => {
        for (const name of ['page-a', 'page-b', 'page-c', 'page-d']) {
            await azure.call('createEnvironment', { name, version: '1', body: { properties: { image } } });
        }
        const listed = (await azure.call('listEnvironments')).map((/** @type {any} */ one) => one.name);
        assert.equal(new Set(listed).size, listed.length);
        for (const name of ['page-a', 'page-b', 'page-c', 'page-d']) assert.ok(listed.includes(name), name);
    });

    test('lists datastores and their secrets', async () => {
        const stores = await azure.call('listDatastores');
        const main = stores.find((/** @type {any} */ store) => store.properties.isDefault);
        assert.equal(main.properties.datastoreType, 'AzureBlob');
        const secrets = await azure.call('listDatastoreSecrets', { name: main.name });
        assert.equal(secrets.secretsType, 'AccountKey');
        assert.ok(secrets.key.length > 40);
    });

    test('creates, gets, lists, cancels and deletes a command job', async () => {
        const environmentId = `${world.emulator.workspaceId}/environments/js/versions/1`;
        await azure.call('createEnvironment', { name: 'js', version: '1', body: { properties: { image } } });
        const properties = {
            jobType: 'Command',
            experimentName: 'js',
            command: 'sleep 600',
            environmentId,
            computeId: `${world.emulator.workspaceId}/computes/cpu-cluster`,
            tags: { a: 'b' },
            limits: { jobLimitsType: 'Command', timeout: 'PT1H' },
        };
        const made = await azure.call('createJob', { name: 'js-job', body: { properties } });
        assert.equal(made.properties.command, 'sleep 600');
        assert.equal(made.properties.tags.a, 'b');
        assert.equal(made.properties.limits.timeout, 'PT1H');
        const status = async () => (await azure.call('getJob', { name: 'js-job' })).properties.status;
        await until(async () => {
            const now = await status();
            assert.ok(!['Completed', 'Failed', 'Canceled'].includes(now), `it has ended: ${now}`);
            return now === 'Running';
        }, 'the job is running');
        const listed = await azure.call('listJobs');
        assert.deepEqual(
            listed.map((/** @type {any} */ job) => job.name),
            ['js-job'],
        );
        await azure.call('cancelJob', { name: 'js-job' });
        assert.equal(await status(), 'Canceled');
        await azure.call('deleteJob', { name: 'js-job' });
        assert.deepEqual(await azure.call('listJobs'), []);
        const missing = await azure.call('missingJob');
        assert.equal(missing.statusCode, 404);
    });
});

describe('@azure/storage-blob', () => {
    /** @type {string} */
    let sasUri;

    before(async () => {
        const action = `${world.emulator.workspaceId}/codes/js-code/versions/1/startPendingUpload`;
        const { body } = await world.emulator.arm('POST', action, {
            pendingUploadType: 'TemporaryBlobReference',
        });
        sasUri = body.blobReferenceForConsumption.credential.sasUri;
    });

    test('uploads into the container of a snapshot: small, empty, odd names, never over another', async () => {
        const files = {
            'src/train.py': 'print()',
            'src/empty': '',
            'src/ö b+c%25.txt': 'x',
            'src/日本/語.txt': '語',
        };
        const { again, listed } = await azure.call('uploadSnapshot', { sasUri, files });
        assert.equal(again.statusCode, 409);
        assert.equal(again.code, 'BlobAlreadyExists');
        assert.deepEqual(listed, Object.keys(files).sort());
    });

    test('uploads and downloads in blocks, and reads a range', async () => {
        const answer = await azure.call('inBlocks', {
            sasUri,
            size: 5 * 1024 * 1024 + 3,
            blockSize: 1024 * 1024,
        });
        assert.deepEqual(answer, { contentLength: 5 * 1024 * 1024 + 3, same: true, part: 'efghabcd' });
    });

    test('sets and reads metadata and headers, and keeps conditions', async () => {
        const { stale, ...rest } = await azure.call('metadata', { sasUri });
        assert.deepEqual(rest, {
            metadata: { upload_status: 'completed' },
            contentType: 'text/plain',
            blobType: 'BlockBlob',
            hasEtag: true,
        });
        assert.equal(stale.statusCode, 412);
        assert.equal(stale.code, 'ConditionNotMet');
    });

    test('is refused with a forged signature, and where the signature gives no right', async () => {
        const { forged, deleting } = await azure.call('withoutRight', { sasUri });
        assert.equal(forged.statusCode, 403);
        assert.equal(forged.code, 'AuthenticationFailed');
        assert.equal(deleting.statusCode, 403);
        assert.equal(deleting.code, 'AuthorizationPermissionMismatch');
    });

    test('works with the account key: containers, pages, folders, deletion', async () => {
        const stores = await azure.call('listDatastores');
        const account = stores[0].properties.accountName;
        const files = { 'x/1.txt': 'one', 'x/2.txt': 'two', 'x/deep/3.txt': 'three', 'y.txt': 'y' };
        const answer = await azure.call('account', { account, container: 'js-container', files });
        assert.deepEqual(answer.flat, [['x/1.txt', 'x/2.txt'], ['x/deep/3.txt']]);
        assert.deepEqual(answer.tree.sort(), [
            ['blob', 'x/1.txt'],
            ['blob', 'x/2.txt'],
            ['prefix', 'x/deep/'],
        ]);
        assert.equal(answer.content, 'one');
        assert.equal(answer.gone.statusCode, 404);
        assert.equal(answer.exists, false);
    });
});
