// @ts-check
// A client of the Debug Adapter Protocol, enough to launch a program and to stop in it.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** @typedef {{ seq: number, type: string, command?: string, event?: string, request_seq?: number, success?: boolean, message?: string, body?: any }} Message */

/** debugpy's own adapter, started as editors start it. */
export class DebugAdapter {
    /** @type {Message[]} */
    #received = [];
    #seq = 0;
    #rest = Buffer.alloc(0);
    #process;
    /** @type {Set<() => void>} */
    #waiting = new Set();

    /** @param {string} python one that has debugpy */
    constructor(python) {
        this.#process = spawn(python, ['-m', 'debugpy.adapter'], { stdio: ['pipe', 'pipe', 'inherit'] });
        this.#process.stdout.on('data', (/** @type {Buffer} */ bytes) => this.#take(bytes));
    }

    /** @param {Buffer} bytes */
    #take(bytes) {
        this.#rest = Buffer.concat([this.#rest, bytes]);
        for (;;) {
            const end = this.#rest.indexOf('\r\n\r\n');
            if (end < 0) return;
            const length = Number(/Content-Length: (\d+)/i.exec(this.#rest.toString('latin1', 0, end))?.[1]);
            if (this.#rest.length < end + 4 + length) return;
            this.#received.push(JSON.parse(this.#rest.toString('utf8', end + 4, end + 4 + length)));
            this.#rest = this.#rest.subarray(end + 4 + length);
            for (const wake of this.#waiting) wake();
        }
    }

    /**
     * The first message that is meant, whether it has come already or comes yet.
     * @param {(message: Message) => boolean} isMeant
     * @returns {Promise<Message>}
     */
    async #first(isMeant) {
        for (;;) {
            const found = this.#received.find(isMeant);
            if (found) return found;
            await /** @type {Promise<void>} */ (
                new Promise((resolve) => {
                    const wake = () => {
                        this.#waiting.delete(wake);
                        resolve();
                    };
                    this.#waiting.add(wake);
                })
            );
        }
    }

    /** @param {string} command @param {object} [given] */
    #send(command, given = {}) {
        const seq = ++this.#seq;
        const body = JSON.stringify({ seq, type: 'request', command, arguments: given });
        this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
        return seq;
    }

    /**
     * The body of the answer; throws what a refusal says.
     * @param {string} command
     * @param {object} [given]
     */
    async request(command, given) {
        const seq = this.#send(command, given);
        const answer = await this.#first(({ type, request_seq }) => type === 'response' && request_seq === seq);
        if (answer.success !== true) throw new Error(answer.message);
        return answer.body;
    }

    /** @param {string} name */
    async event(name) {
        return (await this.#first(({ type, event }) => type === 'event' && event === name)).body;
    }

    /** What the program has printed until now. */
    get output() {
        const outputs = this.#received.filter(({ event, body }) => event === 'output' && body.category === 'stdout');
        return outputs.map(({ body }) => body.output).join('');
    }

    /**
     * Starts what a launch configuration says, and returns where it has stopped first.
     * @param {Record<string, unknown>} configuration
     * @param {{ path: string, line: number }} breakpoint
     */
    async launch(configuration, { path, line }) {
        await this.request('initialize', { adapterID: 'debugpy', pathFormat: 'path', linesStartAt1: true, columnsStartAt1: true });
        const launched = this.#send('launch', configuration);
        await this.event('initialized');
        await this.request('setBreakpoints', { source: { path }, breakpoints: [{ line }] });
        await this.request('configurationDone');
        const answer = await this.#first(({ type, request_seq }) => type === 'response' && request_seq === launched);
        if (answer.success !== true) throw new Error(answer.message);
        const { threadId, reason } = await this.event('stopped');
        const { stackFrames } = await this.request('stackTrace', { threadId });
        return { threadId, reason, frames: stackFrames };
    }

    async stop() {
        const ended = once(this.#process, 'exit');
        this.#process.kill();
        await ended;
    }
}

/**
 * A Python with debugpy, made in a folder.
 * @param {string} folder
 */
export function pythonWithDebugpy(folder) {
    const python = join(folder, 'bin', 'python');
    execFileSync('python3', ['-m', 'venv', folder]);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'debugpy']);
    return python;
}
