// @ts-check
// An HTTPS proxy that knows what RFC 6761 says and glibc does not: every name below `localhost` is this machine. Storage
// accounts are such names here, as they are names below the cloud's domain in Azure.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';

export class NameProxy {
    /** @type {Set<import('node:stream').Duplex>} */
    #sockets = new Set();

    static async start() {
        const proxy = new NameProxy();
        proxy.server.listen(0, '127.0.0.1');
        await once(proxy.server, 'listening');
        return proxy;
    }

    constructor() {
        this.server = createServer((_, response) => response.writeHead(403).end());
        this.server.on('connect', (request, socket, head) => this.#tunnel(request.url ?? '', socket, head));
    }

    get url() {
        const address = /** @type {import('node:net').AddressInfo} */ (this.server.address());
        return `http://127.0.0.1:${address.port}`;
    }

    /**
     * @param {string} target
     * @param {import('node:stream').Duplex} client
     * @param {Buffer} head
     */
    #tunnel(target, client, head) {
        const { hostname, port } = new URL(`https://${target}`);
        if (hostname !== '127.0.0.1' && !/(^|\.)localhost$/.test(hostname)) {
            client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
            return;
        }
        const server = connect(Number(port || 443), '127.0.0.1', () => {
            client.write('HTTP/1.1 200 Connection established\r\n\r\n');
            server.write(head);
            server.pipe(client).pipe(server);
        });
        for (const socket of [client, server]) {
            this.#sockets.add(socket);
            socket.on('error', () => {
                client.destroy();
                server.destroy();
            });
            socket.on('close', () => this.#sockets.delete(socket));
        }
    }

    stop() {
        for (const socket of this.#sockets) socket.destroy();
        this.server.close();
    }
}
