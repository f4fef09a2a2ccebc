// @ts-check
// A language client for `aml serve --stdio`: requests, notifications, and answers to the server.

import { join } from 'node:path';

import { binaries, Program } from './processes.mjs';

/** What the server answered instead of a result. */
export class ResponseError extends Error {
    /** @param {{ code: number, message: string, data?: any }} error */
    constructor({ code, message, data }) {
        super(message);
        this.code = code;
        this.data = data;
    }
}

export class LanguageClient {
    #nextId = 1;
    /** @type {Map<number | string, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
    #pending = new Map();
    /** Why nothing is answered any more. @type {Error | undefined} */
    #failure;
    #received = Buffer.alloc(0);
    /** @type {Map<string, (params: any) => any>} */
    #handlers = new Map();
    /** @type {Set<() => void>} */
    #listeners = new Set();
    /** Gets answers to requests that were not sent by `request`. @type {(answer: any) => void} */
    onOrphan = () => {};
    /** Every notification of the server, in order. @type {{ method: string, params: any }[]} */
    notifications = [];
    /** Every request of the server, in order. @type {{ method: string, params: any }[]} */
    requests = [];

    /**
     * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, command?: readonly string[] }} [options]
     */
    constructor({ command = [join(binaries, 'aml'), 'serve', '--stdio'], ...options } = {}) {
        // Frames are counted in bytes.
        const receive = (/** @type {Buffer} */ bytes) => this.#receive(bytes);
        const [file = '', ...args] = command;
        this.program = new Program(file, args, options, receive);
        this.program.ended.then(
            (ended) => this.#end(ended),
            (error) => this.#fail(error),
        );
    }

    /**
     * Initializes the server and says so.
     * @param {Record<string, unknown>} [initializationOptions]
     * @param {Record<string, unknown>} [capabilities]
     */
    async initialize(initializationOptions = {}, capabilities = {}) {
        const result = await this.request('initialize', {
            processId: process.pid,
            rootUri: null,
            capabilities: { window: { workDoneProgress: true, showDocument: { support: true } }, ...capabilities },
            initializationOptions,
        });
        this.notify('initialized', {});
        return result;
    }

    /** Ends the session in the orderly way; gives what the process ended with. */
    async shutDown() {
        await this.request('shutdown');
        this.notify('exit');
        return this.program.ended;
    }

    /**
     * @param {string} method
     * @param {unknown} [params]
     * @returns {Promise<any>}
     */
    request(method, params) {
        return this.start(method, params).result;
    }

    /**
     * A request that can be cancelled: its id, and the promise of its result.
     * @param {string} method
     * @param {unknown} [params]
     */
    start(method, params) {
        const id = this.#nextId++;
        /** @type {Promise<any>} */
        const result = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
        // Whoever awaits it gets the failure as well.
        result.catch(() => {});
        if (this.#failure !== undefined) this.#fail(this.#failure);
        this.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
        return { id, result, cancel: () => this.notify('$/cancelRequest', { id }) };
    }

    /** @param {string} method @param {unknown} [params] */
    notify(method, params) {
        this.send({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) });
    }

    /** @param {unknown} message */
    send(message) {
        const body = Buffer.from(JSON.stringify(message));
        this.sendBytes(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
    }

    /** @param {Buffer | string} bytes */
    sendBytes(bytes) {
        this.program.child.stdin.write(bytes);
    }

    /**
     * Answers requests of the server with what `handler` returns; without one they get null.
     * @param {string} method
     * @param {(params: any) => any} handler
     */
    on(method, handler) {
        this.#handlers.set(method, handler);
        return this;
    }

    /**
     * The first notification of a method that fits, received already or to come.
     * @param {string} method
     * @param {(params: any) => boolean} fits
     * @param {number} timeoutMs
     * @returns {Promise<any>}
     */
    notified(method, fits = () => true, timeoutMs = 180_000) {
        return this.#wait(
            () => this.notifications.find((one) => one.method === method && fits(one.params))?.params,
            `notification ${method}`,
            timeoutMs,
        );
    }

    /**
     * The first request of the server that fits, received already or to come.
     * @param {string} method
     * @param {(params: any) => boolean} fits
     * @param {number} timeoutMs
     * @returns {Promise<any>}
     */
    asked(method, fits = () => true, timeoutMs = 180_000) {
        return this.#wait(
            () => this.requests.find((one) => one.method === method && fits(one.params))?.params,
            `request ${method}`,
            timeoutMs,
        );
    }

    /**
     * @param {() => any} look
     * @param {string} what
     * @param {number} timeoutMs
     */
    #wait(look, what, timeoutMs) {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => {
                this.#listeners.delete(check);
                const seen = [...this.notifications, ...this.requests].map((one) => one.method);
                reject(
                    new Error(
                        `No ${what} within ${timeoutMs} ms; seen: ${[...new Set(seen)].join(', ')}\n` +
                            this.program.stderr.slice(-4000),
                    ),
                );
            }, timeoutMs);
            const check = () => {
                const found = look();
                if (found === undefined) return;
                clearTimeout(timer);
                this.#listeners.delete(check);
                resolve(found);
            };
            this.#listeners.add(check);
            check();
        });
    }

    /** @param {Buffer} chunk */
    #receive(chunk) {
        this.#received = Buffer.concat([this.#received, chunk]);
        for (;;) {
            const end = this.#received.indexOf('\r\n\r\n');
            if (end < 0) return;
            const header = this.#received.subarray(0, end).toString('ascii');
            const length = Number(header.match(/content-length: *(\d+)/i)?.[1]);
            const start = end + 4;
            if (this.#received.length < start + length) return;
            const body = this.#received.subarray(start, start + length).toString('utf8');
            this.#received = this.#received.subarray(start + length);
            this.#dispatch(JSON.parse(body));
        }
    }

    /** @param {any} message */
    #dispatch(message) {
        if (message.method === undefined) return this.#settle(message);
        const { method, params } = message;
        if (message.id === undefined) {
            this.notifications.push({ method, params });
        } else {
            this.requests.push({ method, params });
            void this.#answer(message);
        }
        for (const listener of this.#listeners) listener();
    }

    /** @param {any} message */
    #settle(message) {
        const { id, result, error } = message;
        const pending = this.#pending.get(id);
        this.#pending.delete(id);
        if (pending === undefined) this.onOrphan(message);
        else if (error !== undefined) pending.reject(new ResponseError(error));
        else pending.resolve(result);
    }

    /** @param {any} message */
    async #answer({ id, method, params }) {
        try {
            const result = (await this.#handlers.get(method)?.(params)) ?? null;
            this.send({ jsonrpc: '2.0', id, result });
        } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            this.send({ jsonrpc: '2.0', id, error: { code: -32603, message } });
        }
    }

    /** @param {import('./processes.mjs').Ended} ended */
    #end({ code, signal, stderr }) {
        this.#fail(new Error(`The server ended (${code ?? signal}). ${stderr.slice(-2000)}`));
    }

    /** @param {Error} error */
    #fail(error) {
        this.#failure = error;
        for (const { reject } of this.#pending.values()) reject(error);
        this.#pending.clear();
    }
}
