// @ts-check
// A client in a process of its own, whose functions a test calls.

import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

import { Program, root } from '../support/processes.mjs';

export class Client {
    #answers = '';
    #decoder = new StringDecoder('utf8');
    #ended = false;
    /** @type {((answer: any) => void)[]} */
    #waiting = [];

    /**
     * @param {readonly string[]} command the program and its first arguments
     * @param {string} script its file in tests/clients
     * @param {Record<string, string>} environment changes to it
     */
    constructor([file = '', ...args], script, environment) {
        const cwd = join(root, 'tests', 'clients');
        const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment };
        this.program = new Program(file, [...args, script], { cwd, env }, (bytes) => this.#take(bytes));
        this.program.ended
            .catch(() => {})
            .then(() => {
                this.#ended = true;
                for (const settle of this.#waiting.splice(0)) settle(undefined);
            });
    }

    /** @param {Buffer} bytes */
    #take(bytes) {
        const lines = (this.#answers + this.#decoder.write(bytes)).split('\n');
        this.#answers = lines.pop() ?? '';
        for (const line of lines) this.#waiting.shift()?.(JSON.parse(line));
    }

    /**
     * Calls one of the script's functions, and gives what it returned; calls are done in order.
     * @param {string} name
     * @param {Record<string, unknown>} [args]
     * @returns {Promise<any>}
     */
    async call(name, args = {}) {
        const answered = new Promise((resolve) => {
            if (this.#ended) resolve(undefined);
            else this.#waiting.push(resolve);
        });
        this.program.child.stdin?.write(`${JSON.stringify({ call: name, arguments: args })}\n`);
        const answer = await answered;
        if (answer === undefined) throw new Error(`${this.program.name} has ended:\n${this.program.stderr}`);
        if (answer.error !== undefined) throw new Error(`${name}: ${answer.error.trace}`);
        return answer.result;
    }

    async end() {
        this.program.child.stdin?.end();
        await this.program.ended;
    }
}
