// @ts-check
// What the tests do with Microsoft's JavaScript clients, as a user's program would. A process of its own, because Node
// reads NODE_EXTRA_CA_CERTS only when it starts.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const environment = /** @type {Record<string, string>} */ (process.env);
const require = createRequire(join(environment['CLIENTS'] ?? '', 'package.json'));
const { AzureMachineLearningWorkspaces } = require('@azure/arm-machinelearning');
const { SubscriptionClient } = require('@azure/arm-resources-subscriptions');
const { ClientSecretCredential } = require('@azure/identity');
const { BlobServiceClient, ContainerClient, StorageSharedKeyCredential } = require('@azure/storage-blob');

const { ARM_ENDPOINT: endpoint, SUBSCRIPTION_ID: subscription } = environment;
const at = [environment['RESOURCE_GROUP'], environment['WORKSPACE']];
const credential = new ClientSecretCredential(
    environment['AZURE_TENANT_ID'],
    environment['AZURE_CLIENT_ID'],
    environment['AZURE_CLIENT_SECRET'],
    { authorityHost: environment['AZURE_AUTHORITY_HOST'], disableInstanceDiscovery: true },
);
const ml = new AzureMachineLearningWorkspaces(credential, subscription, { endpoint });
const subscriptions = new SubscriptionClient(credential, { endpoint });
const often = { updateIntervalInMs: 50 };

/** @param {AsyncIterable<any>} pages */
async function all(pages) {
    const items = [];
    for await (const item of pages) items.push(item);
    return items;
}

/** What went wrong, as these clients tell it. @param {() => Promise<unknown>} call */
async function failure(call) {
    try {
        await call();
    } catch (error) {
        const { name, code, statusCode, message, details } = /** @type {any} */ (error);
        return { name, code, statusCode, message, errorCode: details?.errorCode };
    }
    return null;
}

/** @param {NodeJS.ReadableStream} stream */
async function text(stream) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
}

/** @param {string} account */
async function accountClient(account) {
    const { userStorageKey } = await ml.workspaces.listKeys(...at);
    const key = new StorageSharedKeyCredential(account, userStorageKey);
    return new BlobServiceClient(`${endpoint}/${account}`, key);
}

/** @type {Record<string, (args: any) => Promise<unknown>>} */
const functions = {
    listTenants: () => all(subscriptions.tenants.list()),
    listSubscriptions: () => all(subscriptions.subscriptions.list()),
    getSubscription: () => subscriptions.subscriptions.get(subscription),
    listLocations: () => all(subscriptions.subscriptions.listLocations(subscription)),
    missingSubscription: () =>
        failure(() => subscriptions.subscriptions.get('00000000-0000-0000-0000-000000000000')),

    listWorkspaces: () => all(ml.workspaces.listBySubscription()),
    getWorkspace: () => ml.workspaces.get(...at),
    updateWorkspace: ({ body }) => ml.workspaces.beginUpdateAndWait(...at, body, often),
    missingWorkspace: () => failure(() => ml.workspaces.get(at[0], 'nowhere')),
    listSizes: ({ location }) => ml.virtualMachineSizes.list(location),
    listUsages: ({ location }) => all(ml.usages.list(location)),

    createCompute: ({ name, body }) =>
        ml.computeOperations.beginCreateOrUpdateAndWait(...at, name, body, often),
    updateCompute: ({ name, body }) => ml.computeOperations.beginUpdateAndWait(...at, name, body, often),
    listComputes: () => all(ml.computeOperations.list(...at)),
    listNodes: ({ name }) => all(ml.computeOperations.listNodes(...at, name)),
    deleteCompute: ({ name }) => ml.computeOperations.beginDeleteAndWait(...at, name, 'Delete', often),

    createEnvironment: ({ name, version, body }) =>
        ml.environmentVersions.createOrUpdate(...at, name, version, body),
    listEnvironments: () => all(ml.environmentContainers.list(...at)),
    listDatastores: () => all(ml.datastores.list(...at)),
    listDatastoreSecrets: ({ name }) => ml.datastores.listSecrets(...at, name),

    createJob: ({ name, body }) => ml.jobs.createOrUpdate(...at, name, body),
    getJob: ({ name }) => ml.jobs.get(...at, name),
    listJobs: () => all(ml.jobs.list(...at)),
    cancelJob: ({ name }) => ml.jobs.beginCancelAndWait(...at, name, often),
    deleteJob: ({ name }) => ml.jobs.beginDeleteAndWait(...at, name, often),
    missingJob: () => failure(() => ml.jobs.get(...at, 'nobody')),

    async uploadSnapshot({ sasUri, files }) {
        const container = new ContainerClient(sasUri);
        for (const [name, content] of Object.entries(files)) {
            const blob = container.getBlockBlobClient(name);
            await blob.upload(content, Buffer.byteLength(content), { conditions: { ifNoneMatch: '*' } });
        }
        const again = await failure(() =>
            container
                .getBlockBlobClient(Object.keys(files)[0])
                .upload('x', 1, { conditions: { ifNoneMatch: '*' } }),
        );
        const listed = (await all(container.listBlobsFlat())).map((blob) => blob.name);
        return { again, listed };
    },

    async inBlocks({ sasUri, size, blockSize }) {
        const blob = new ContainerClient(sasUri).getBlockBlobClient('large.bin');
        const data = Buffer.alloc(size, 'abcdefgh');
        await blob.uploadData(data, { blockSize, maxSingleShotSize: blockSize, concurrency: 4 });
        const { contentLength } = await blob.getProperties();
        const back = await blob.downloadToBuffer(0, undefined, { blockSize, concurrency: 4 });
        const part = await text((await blob.download(blockSize - 4, 8)).readableStreamBody);
        return { contentLength, same: data.equals(back), part };
    },

    async metadata({ sasUri }) {
        const blob = new ContainerClient(sasUri).getBlockBlobClient('meta.txt');
        await blob.upload('x', 1, {
            blobHTTPHeaders: { blobContentType: 'text/plain' },
            metadata: { one: '1' },
        });
        await blob.setMetadata({ upload_status: 'completed' });
        const { metadata, contentType, etag, blobType } = await blob.getProperties();
        const stale = await failure(() =>
            blob.download(0, undefined, { conditions: { ifMatch: '"other"' } }),
        );
        return { metadata, contentType, blobType, hasEtag: etag !== undefined, stale };
    },

    async withoutRight({ sasUri }) {
        const forged = sasUri.replace(/sig=[^&]*/, 'sig=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D');
        return {
            forged: await failure(() => all(new ContainerClient(forged).listBlobsFlat())),
            deleting: await failure(() => new ContainerClient(sasUri).deleteBlob('meta.txt')),
        };
    },

    async account({ account, container, files }) {
        const client = (await accountClient(account)).getContainerClient(container);
        await client.createIfNotExists();
        for (const [name, content] of Object.entries(files)) {
            await client.getBlockBlobClient(name).upload(content, Buffer.byteLength(content));
        }
        const flat = [];
        for await (const page of client.listBlobsFlat({ prefix: 'x/' }).byPage({ maxPageSize: 2 })) {
            flat.push(page.segment.blobItems.map((/** @type {any} */ blob) => blob.name));
        }
        const tree = (await all(client.listBlobsByHierarchy('/', { prefix: 'x/' }))).map(({ kind, name }) => [
            kind,
            name,
        ]);
        const name = Object.keys(files)[0] ?? '';
        const content = await text((await client.getBlobClient(name).download()).readableStreamBody);
        await client.deleteBlob(name);
        const gone = await failure(() => client.getBlobClient(name).getProperties());
        const exists = await client.getBlobClient(name).exists();
        return { flat, tree, content, gone, exists };
    },
};

for await (const line of createInterface({ input: process.stdin })) {
    const { call, arguments: args } = JSON.parse(line);
    let answer;
    try {
        answer = { result: (await functions[call]?.(args)) ?? null };
    } catch (error) {
        answer = { error: { trace: /** @type {Error} */ (error).stack } };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
// Connections that are kept for the next request would keep the process.
process.exit();
