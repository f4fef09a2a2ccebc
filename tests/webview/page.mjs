// @ts-check
// A page in Chromium, as VS Code shows it: the real HTML and policy, VS Code's theme variables, and a host that the test
// answers for. Nothing leaves this machine.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';

import { root, until } from '../support/processes.mjs';
import { openBrowser } from '../vscode/editor.mjs';
import { themes } from './themes.mjs';

const require = createRequire(import.meta.url);
/** @type {typeof import('../../client-ts/src/model/pageHtml')} */
const { pageHtml } = require(path.join(root, 'build/client-test/pageHtml.cjs'));

/**
 * @typedef {(params: any, signal: AbortSignal) => unknown} Answer
 * @typedef {{ method: string, params: any, cancelled: boolean }} Question
 * @typedef {object} PageOptions
 * @property {Record<string, Answer>} answers by method; what an answer throws is the failure
 * @property {keyof typeof themes} [theme]
 * @property {Record<string, string>} [texts]
 * @property {string} [language]
 * @property {object} [state] what the page kept when it was there before
 * @property {number} [width]
 * @property {number} [height]
 * @property {readonly string[]} [classes] more classes of the body
 */

/**
 * The texts of a page, as the extension has them in `client-ts/src/views/<name>.ts`.
 * @param {string} name
 * @param {string} [language] English, or Chinese
 */
export function pageTexts(name, language = 'en') {
    const read = (/** @type {string} */ file) => readFileSync(path.join(root, 'client-ts', file), 'utf8');
    const translations = JSON.parse(read('l10n/bundle.l10n.zh-cn.json'));
    const source = ['plotTexts', name].map((file) => read(`src/views/${file}.ts`)).join('');
    const entries = [...source.matchAll(/(\w+): l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)];
    return Object.fromEntries(
        entries.map(([, key = '', text = '']) => [
            key,
            language === 'en' ? text : (translations[text] ?? text),
        ]),
    );
}

/** A browser and the server of its pages, for a test file. */
export class Pages {
    #browser;
    #server;
    /** @type {Map<string, string>} */
    #documents = new Map();

    /** @param {import('playwright-core').Browser} browser */
    constructor(browser) {
        this.#browser = browser;
        this.#server = createServer((request, response) => {
            const address = request.url ?? '';
            const document = this.#documents.get(address);
            if (document !== undefined) {
                response.setHeader('content-type', 'text/html; charset=utf-8').end(document);
            } else if (/^\/\w+\.(js|css)$/.test(address)) {
                response.setHeader('content-type', address.endsWith('js') ? 'text/javascript' : 'text/css');
                response.end(readFileSync(path.join(root, 'build/webview', address)));
            } else {
                response.writeHead(404).end();
            }
        });
    }

    static async start() {
        const pages = new Pages(await openBrowser());
        await new Promise((resolve) => pages.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
        return pages;
    }

    async stop() {
        await this.#browser.close();
        this.#server.close();
    }

    /**
     * Opens the page about something, by the name of its bundle.
     * @param {string} name
     * @param {string} id
     * @param {PageOptions} options
     */
    async open(
        name,
        id,
        { answers, theme = 'dark', texts = {}, language = 'en', state, classes = [], ...size },
    ) {
        const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
        const origin = `http://127.0.0.1:${port}`;
        const source = {
            script: `${origin}/${name}.js`,
            style: `${origin}/${name}.css`,
            cspSource: origin,
            nonce: randomUUID(),
            language,
        };
        const address = `/${randomUUID()}`;
        this.#documents.set(address, pageHtml(source, { id, texts }));
        const { width = 1000, height = 800 } = size;
        const context = await this.#browser.newContext({ viewport: { width, height } });
        const page = new OpenPage(await context.newPage(), answers, state);
        await page.prepare(theme, classes);
        await page.page.goto(origin + address);
        return page;
    }
}

/** A page, what it has asked, and what it has had done. */
export class OpenPage {
    /** @type {Question[]} */
    questions = [];
    /** @type {any[]} */
    actions = [];
    /** @type {string[]} what the policy has blocked, and errors of the page's code */
    blocked = [];
    /** @type {string[]} */
    errors = [];
    #answers;
    /** @type {Map<number, { question: Question, stop: AbortController }>} */
    #open = new Map();

    /** @param {import('playwright-core').Page} page @param {Record<string, Answer>} answers @param {any} state */
    constructor(page, answers, state) {
        this.page = page;
        this.state = state;
        this.#answers = answers;
    }

    /** @param {keyof typeof themes} theme @param {readonly string[]} classes */
    async prepare(theme, classes) {
        this.page.on('pageerror', (error) => this.errors.push(String(error)));
        await this.page.exposeFunction('tellTest', (/** @type {any} */ message) => this.#receive(message));
        await this.page.addInitScript(
            ({ variables, bodyClasses, kept }) => {
                const own = /** @type {any} */ (window);
                let state = kept;
                own.acquireVsCodeApi = () => ({
                    postMessage: (/** @type {any} */ message) => void own.tellTest(message),
                    getState: () => state,
                    setState: (/** @type {any} */ value) => {
                        state = value;
                        void own.tellTest({ kind: 'state', state: value });
                    },
                });
                document.addEventListener('securitypolicyviolation', (event) => {
                    void own.tellTest({ kind: 'blocked', what: event.violatedDirective });
                });
                // As VS Code does, before the page's own code.
                const observer = new MutationObserver(() => {
                    if (document.body === null) return;
                    observer.disconnect();
                    for (const [name, value] of Object.entries(variables))
                        document.documentElement.style.setProperty(`--vscode-${name}`, value);
                    document.body.classList.add(...bodyClasses);
                });
                observer.observe(document, { childList: true, subtree: true });
            },
            {
                variables: themes[theme].variables,
                bodyClasses: [...themes[theme].classes, ...classes],
                kept: this.state,
            },
        );
    }

    /** The questions about a method so far. @param {string} method */
    asked(method) {
        return this.questions.filter((question) => question.method === method);
    }

    /** Waits until a question is asked that fits. @param {string} method @param {(params: any) => boolean} [fits] */
    async question(method, fits = () => true) {
        return until(
            () => this.asked(method).find(({ params }) => fits(params)),
            `a question ${method}`,
            20_000,
        );
    }

    /** Has the page think that nobody, or somebody, sees it. @param {'hidden' | 'visible'} visibility */
    async setVisibility(visibility) {
        await this.page.evaluate((value) => {
            Object.defineProperty(document, 'visibilityState', { value, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }, visibility);
    }

    async close() {
        await this.page.context().close();
    }

    /** @param {any} message */
    #receive(message) {
        if (message.kind === 'ask') void this.#answer(message);
        else if (message.kind === 'cancel') this.#cancel(message.number);
        else if (message.kind === 'act') this.actions.push(message.action);
        else if (message.kind === 'state') this.state = message.state;
        else if (message.kind === 'blocked') this.blocked.push(message.what);
    }

    /** @param {{ number: number, method: string, params: any }} asked */
    async #answer({ number, method, params }) {
        const question = { method, params, cancelled: false };
        const stop = new AbortController();
        this.questions.push(question);
        this.#open.set(number, { question, stop });
        let message;
        try {
            const result = await this.#answers[method]?.(params, stop.signal);
            message = { kind: 'answer', number, result };
        } catch (error) {
            const { message: text, kind } = /** @type {any} */ (error);
            message = { kind: 'failure', number, failure: { message: text, kind } };
        }
        this.#open.delete(number);
        if (question.cancelled || this.page.isClosed()) return;
        await this.page.evaluate((data) => window.postMessage(data, '*'), message).catch(() => {});
    }

    /** @param {number} number */
    #cancel(number) {
        const open = this.#open.get(number);
        if (open === undefined) return;
        open.question.cancelled = true;
        open.stop.abort();
    }
}
