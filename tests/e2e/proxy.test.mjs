// @ts-check
// Submitting and following a run from a network that lets out nothing but what goes through its proxy, which asks for
// a name and a password, towards an Azure whose certificate a private authority has signed.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

// Only the proxy knows where that is.
const name = 'azure.test';
const user = 'ada';
const password = 'p@ss:word';

class Proxy {
    /** What was asked for, with its outcome. @type {string[]} */
    log = [];
    /** @type {Set<import('node:stream').Duplex>} */
    #sockets = new Set();

    static async start() {
        const proxy = new Proxy();
        proxy.server.listen(0, '127.0.0.1');
        await once(proxy.server, 'listening');
        return proxy;
    }

    constructor() {
        this.server = createServer((request, response) => {
            this.log.push(`${request.method} ${request.url}`);
            response.writeHead(403).end();
        });
        this.server.on('connect', (request, socket) => this.#tunnel(request, socket));
    }

    /** @param {string} account @param {string} secret */
    address(account, secret) {
        const { port } = /** @type {import('node:net').AddressInfo} */ (this.server.address());
        return `http://${encodeURIComponent(account)}:${encodeURIComponent(secret)}@127.0.0.1:${port}`;
    }

    /** @param {import('node:http').IncomingMessage} request @param {import('node:stream').Duplex} client */
    #tunnel(request, client) {
        const [host, port] = (request.url ?? '').split(':');
        const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
        const status = request.headers['proxy-authorization'] !== expected ? 407 : host === name ? 200 : 502;
        this.log.push(`CONNECT ${host} ${status}`);
        if (status !== 200) {
            client.end(`HTTP/1.1 ${status} No\r\nProxy-Authenticate: Basic realm="out"\r\nContent-Length: 0\r\n\r\n`);
            return;
        }
        const server = connect(Number(port), '127.0.0.1', () => {
            client.write('HTTP/1.1 200 Connection established\r\n\r\n');
            server.pipe(client).pipe(server);
        });
        for (const [socket, other] of [[client, server], [server, client]]) {
            this.#sockets.add(socket);
            socket.on('error', () => other.destroy());
            socket.on('close', () => this.#sockets.delete(socket));
        }
    }

    stop() {
        for (const socket of this.#sockets) socket.destroy();
        this.server.close();
    }
}

after(killWhatRuns);

describe('behind a proxy, with a private certificate authority', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;
    /** @type {Proxy} */
    let proxy;

    before(async () => {
        emulator = await Emulator.start({ args: ['--tls', '--node-start', '50'] });
        proxy = await Proxy.start();
        project = new Project(emulator).bind();
        project.script('train.py', 'print("out there")\n');
    });
    after(async () => {
        proxy?.stop();
        project?.remove();
        await emulator?.stop();
    });

    /** Of a machine whose network ends at the proxy. */
    const environment = () => ({
        ...project.environment,
        AZUREML_ARM_ENDPOINT: emulator.ready.armEndpoint.replace('127.0.0.1', name),
        SSL_CERT_FILE: '',
        NO_PROXY: '',
        no_proxy: '',
    });

    /** How our programs reached the emulator from exchange `from` on. @param {number} from */
    const reached = (from) => emulator.exchanges().slice(from).filter(({ requestHeaders = {} }) =>
        Object.entries(requestHeaders).some(([key, value]) => key.toLowerCase() === 'user-agent' && /^aml\b/.test(value)));

    test('a run is submitted and followed from a terminal, every byte through the proxy', async () => {
        const before = emulator.exchanges().length;
        const run = await project.json(['run', 'train.py', '--follow'], {
            ...environment(), HTTPS_PROXY: proxy.address(user, password), SSL_CERT_FILE: emulator.ready.caFile,
        });
        assert.equal(run.code, 0, run.stderr);
        assert.equal(run.values.at(-1).status, 'Completed');
        const log = run.values.flatMap(({ event, text }) => (event === 'log' ? [text] : [])).join('');
        assert.match(log, /out there/);
        const exchanges = reached(before);
        for (const { url } of exchanges) assert.equal(new URL(url).hostname, name);
        const asked = exchanges.map(({ method, url }) => `${method} ${url}`).join('\n');
        for (const part of [/^POST .*\/oauth2\//m, /^PUT .*\/train\.py\?/m, /^PUT .*\/jobs\//m, /^\w+ .*\/history\//m]) assert.match(asked, part);
        assert.ok(proxy.log.length > 0);
        assert.deepEqual([...new Set(proxy.log)], [`CONNECT ${name} 200`]);
    });

    test('the editor does the same with the settings of proxy and certificate', async () => {
        const before = emulator.exchanges().length;
        const client = new LanguageClient({ env: environment(), cwd: project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        await client.initialize({
            proxy: proxy.address(user, password), caFile: emulator.ready.caFile, stateDirectory: join(project.base, 'editor'),
        });
        const uri = pathToFileURL(project.path('train.job.json')).href;
        await client.request('workspace/executeCommand', { command: 'azureml.submit', arguments: [uri] });
        const { runs } = await client.notified('runs/didChange', ({ runs }) => runs.some((/** @type {any} */ run) => run.isFinal));
        assert.equal(runs.find((/** @type {any} */ run) => run.isFinal).status, 'Completed');
        for (const { url } of reached(before)) assert.equal(new URL(url).hostname, name);
        const ended = await client.shutDown();
        assert.ok(!ended.stderr.includes(password) && !ended.stderr.includes(encodeURIComponent(password)));
        assert.deepEqual([...new Set(proxy.log)], [`CONNECT ${name} 200`]);
    });

    test('a wrong password, and an authority that nobody trusts, say which it is', async () => {
        const wrong = await project.aml(['run', 'train.py'], {
            ...environment(), HTTPS_PROXY: proxy.address(user, 'wrong'), SSL_CERT_FILE: emulator.ready.caFile,
        });
        assert.notEqual(wrong.code, 0);
        assert.match(wrong.stderr, /The proxy http:\/\/127\.0\.0\.1:\d+ does not accept the user name and password/);
        const untrusted = await project.aml(['run', 'train.py'], { ...environment(), HTTPS_PROXY: proxy.address(user, password) });
        assert.notEqual(untrusted.code, 0);
        assert.match(untrusted.stderr, /certificate/);
        const without = await project.aml(['run', 'train.py'], { ...environment(), SSL_CERT_FILE: emulator.ready.caFile });
        assert.notEqual(without.code, 0);
        assert.match(without.stderr, /The name of https:\/\/azure\.test:\d+ cannot be resolved/);
    });
});
