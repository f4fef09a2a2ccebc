// @ts-check
// `aml serve --stdio` as any client may treat it: out of order, malformed, too much at once.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns, root } from '../support/processes.mjs';

after(killWhatRuns);

const parseError = -32700;
const invalidRequest = -32600;
const methodNotFound = -32601;
const invalidParams = -32602;
const notInitialized = -32002;
const requestCancelled = -32800;

/** @param {Promise<unknown>} request @param {number} code */
const failsWith = (request, code) => assert.rejects(request, (/** @type {any} */ error) => error.code === code);

describe('the language server on its standard streams', () => {
    /** @type {string} */
    let folder;
    /** @type {Record<string, unknown>} */
    let options;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), 'aml-protocol-'));
        options = { stateDirectory: join(folder, 'state'), armEndpoint: 'http://127.0.0.1:1' };
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    test('a session ends with 0 after shutdown, and with 1 without', async () => {
        const orderly = new LanguageClient();
        const { capabilities, serverInfo } = await orderly.initialize(options);
        assert.equal(serverInfo.name, 'aml');
        assert.ok(capabilities.executeCommandProvider.commands.includes('azureml.submit'));
        assert.equal((await orderly.shutDown()).code, 0);

        const rude = new LanguageClient();
        await rude.initialize(options);
        rude.notify('exit');
        assert.equal((await rude.program.ended).code, 1);
    });

    test('the end of input ends the process', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        client.program.child.stdin.end();
        const { code, signal } = await client.program.ended;
        assert.equal(signal, null);
        assert.notEqual(code, null);
    });

    test('requests come in order: nothing before initialize, only exit after shutdown', async () => {
        const client = new LanguageClient();
        await failsWith(client.request('runs/list', {}), notInitialized);
        await client.initialize(options);
        await failsWith(client.request('initialize', { capabilities: {} }), invalidRequest);
        await client.request('shutdown');
        await failsWith(client.request('runs/list', {}), invalidRequest);
        client.notify('exit');
        assert.equal((await client.program.ended).code, 0);
    });

    test('unknown methods are answered, unknown notifications ignored', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        await failsWith(client.request('no/such/method', {}), methodNotFound);
        await failsWith(client.request('$/noSuchRequest'), methodNotFound);
        client.notify('$/noSuchNotification', { a: 1 });
        client.notify('no/such/notification');
        assert.deepEqual((await client.request('runs/list', {})).runs, []);
        await client.shutDown();
    });

    test('every method of the protocol has a handler', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        const model = JSON.parse(readFileSync(join(root, 'protocol/protocol.json'), 'utf8'));
        const methods = (/** @type {{ method: string, direction: string }[]} */ messages) =>
            messages
                .filter(({ direction }) => direction === 'clientToServer')
                .map(({ method }) => method)
                .filter((method) => !['initialize', 'initialized', 'shutdown', 'exit'].includes(method));
        for (const method of methods(model.requests)) {
            // Parameters that no handler accepts: what counts is that somebody looks at them.
            const code = await client.request(method, []).then(
                () => 0,
                (error) => error.code,
            );
            assert.notEqual(code, methodNotFound, method);
        }
        for (const method of methods(model.notifications)) client.notify(method, []);
        const { stderr } = await client.shutDown();
        assert.doesNotMatch(stderr, /nobody handles/);
    });

    test('parameters of the wrong type are refused with the place', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        await assert.rejects(client.request('runs/log', { id: 7, offset: 0 }), {
            code: invalidParams,
            message: /\/params\/id/,
        });
        await client.shutDown();
    });

    test('a body that is not JSON is answered, and the session goes on', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        const answer = new Promise((resolve) => {
            client.onOrphan = resolve;
        });
        client.sendBytes('Content-Length: 9\r\n\r\n{"oops": ');
        assert.equal((await answer).error.code, parseError);
        assert.deepEqual((await client.request('runs/list', {})).runs, []);
        await client.shutDown();
    });

    test('frames may arrive byte by byte, with their headers in any order and case', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        const body = JSON.stringify({ jsonrpc: '2.0', id: 'text-id', method: 'runs/list', params: {} });
        const answer = new Promise((resolve) => {
            client.onOrphan = resolve;
        });
        const frame = `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
        for (const byte of frame) client.sendBytes(byte);
        assert.deepEqual(await answer, { jsonrpc: '2.0', id: 'text-id', result: { runs: [], summary: { active: 0 } } });
        await client.shutDown();
    });

    test('a frame of 65 MiB is refused and skipped, and the session goes on', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        const answer = new Promise((resolve) => {
            client.onOrphan = resolve;
        });
        const size = 65 * 1024 * 1024;
        client.sendBytes(`Content-Length: ${size}\r\n\r\n`);
        assert.equal((await answer).error.code, parseError);
        client.sendBytes(' '.repeat(size));
        assert.deepEqual((await client.request('runs/list', {})).runs, []);
        await client.shutDown();
    });

    for (const [name, bytes] of [
        ['a header without an end', `Content-Length: 2${'0'.repeat(9000)}`],
        ['a length that is no number', 'Content-Length: many\r\n\r\n'],
        ['no length at all', 'X-Nothing: here\r\n\r\n{}'],
    ]) {
        test(`${name} ends the session with a clear log and no crash`, async () => {
            const client = new LanguageClient();
            await client.initialize(options);
            client.sendBytes(/** @type {string} */ (bytes));
            const { code, signal, stderr } = await client.program.ended;
            assert.equal(signal, null, stderr);
            assert.equal(code, 1);
            assert.notEqual(stderr, '');
        });
    }

    test('a thousand requests in flight are each answered once', async () => {
        const client = new LanguageClient();
        await client.initialize(options);
        const requests = Array.from({ length: 1000 }, (_, index) => {
            const request = client.start(index % 2 === 0 ? 'runs/list' : 'auth/status', index % 2 === 0 ? {} : undefined);
            if (index % 10 === 0) request.cancel();
            return request.result.then(
                () => 'answered',
                (error) => (error.code === -32800 ? 'answered' : Promise.reject(error)),
            );
        });
        const outcomes = await Promise.all(requests);
        assert.equal(outcomes.filter((outcome) => outcome === 'answered').length, 1000);
        await client.shutDown();
    });

    test('a request that waits for Azure ends when it is cancelled', async () => {
        // Takes every call and never answers.
        const azure = createServer();
        const called = new Promise((resolve) => azure.once('connection', resolve));
        await new Promise((resolve) => azure.listen(0, '127.0.0.1', () => resolve(undefined)));
        const { port } = /** @type {import('node:net').AddressInfo} */ (azure.address());
        const client = new LanguageClient();
        await client.initialize({ ...options, armEndpoint: `http://127.0.0.1:${port}` });
        const list = client.start('tree/children', {});
        const connection = await called;
        list.cancel();
        await failsWith(list.result, requestCancelled);
        await client.shutDown();
        connection.destroy();
        azure.close();
    });
});
