// @ts-check
// A line to a server on this machine that breaks: connections through it are reset after so many
// bytes of the client's.

import { connect, createServer } from 'node:net';

export class UnsteadyLine {
    resets = 0;
    /** Bytes that clients have sent. */
    sent = 0;

    /**
     * @param {number} port of the server
     * @param {readonly number[]} breaks after how many bytes, for one connection each; the rest holds
     */
    constructor(port, breaks) {
        this.left = [...breaks];
        this.server = createServer((client) => this.#connect(client, port));
    }

    /** @returns {Promise<number>} the port to use instead */
    listen() {
        return new Promise((resolve) => {
            this.server.listen(0, '127.0.0.1', () => {
                resolve(/** @type {import('node:net').AddressInfo} */ (this.server.address()).port);
            });
        });
    }

    /** @param {import('node:net').Socket} client @param {number} port */
    #connect(client, port) {
        const server = connect(port, '127.0.0.1');
        const allowed = this.left.shift() ?? Infinity;
        let passed = 0;
        client.on('data', (bytes) => {
            passed += bytes.length;
            this.sent += bytes.length;
            if (passed <= allowed || client.destroyed) return;
            this.resets += 1;
            client.resetAndDestroy();
            server.destroy();
        });
        client.pipe(server);
        server.pipe(client);
        for (const [one, other] of [[client, server], [server, client]]) {
            one?.on('error', () => other?.destroy());
        }
    }

    close() {
        this.server.close();
    }
}
