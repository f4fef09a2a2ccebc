import type { Failure, HostMessage, PageMessage, PageStart, Questions } from './messages';

interface VsCodeApi {
    readonly postMessage: (message: unknown) => void;
    readonly getState: () => unknown;
    readonly setState: (state: unknown) => void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** A question that failed; `kind` is the protocol's. */
export class HostError extends Error {
    readonly kind: string | undefined;

    constructor({ message, kind }: Failure) {
        super(message);
        this.kind = kind;
    }
}

interface Waiting {
    readonly resolve: (result: unknown) => void;
    readonly reject: (error: Error) => void;
}

/** The extension, as a page sees it: it answers questions, carries out actions and keeps the page's state. */
export class Host<Asked extends Questions<keyof Asked>, Action, State extends object> {
    readonly #api = acquireVsCodeApi();
    readonly #waiting = new Map<number, Waiting>();
    #number = 0;

    constructor() {
        window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
            this.#receive(data);
        });
    }

    /** The answer of the server. Rejects with `HostError`, or with the signal's reason once that is aborted. */
    async ask<Method extends keyof Asked & string>(
        method: Method,
        params: Asked[Method]['params'],
        signal: AbortSignal,
    ): Promise<Asked[Method]['result']> {
        signal.throwIfAborted();
        const number = (this.#number += 1);
        return new Promise((resolve, reject) => {
            const cancel = (): void => {
                this.#waiting.delete(number);
                this.#post({ kind: 'cancel', number });
                reject(signal.reason as Error);
            };
            signal.addEventListener('abort', cancel, { once: true });
            const settle = (): void => signal.removeEventListener('abort', cancel);
            this.#waiting.set(number, {
                resolve: (result) => {
                    settle();
                    resolve(result);
                },
                reject: (error) => {
                    settle();
                    reject(error);
                },
            });
            this.#post({ kind: 'ask', number, method, params });
        });
    }

    act(action: Action): void {
        this.#post({ kind: 'act', action });
    }

    /** What the page last kept, which outlives it. */
    get state(): Partial<State> {
        return this.#api.getState() ?? {};
    }

    keep(change: Partial<State>): void {
        this.#api.setState({ ...this.state, ...change });
    }

    #post(message: PageMessage<Action>): void {
        this.#api.postMessage(message);
    }

    #receive(message: HostMessage): void {
        const waiting = this.#waiting.get(message.number);
        if (waiting === undefined) return;
        this.#waiting.delete(message.number);
        if (message.kind === 'answer') waiting.resolve(message.result);
        else waiting.reject(new HostError(message.failure));
    }
}

/** What the extension gave the page when it made it. */
export function pageStart<Texts>(): PageStart<Texts> {
    return JSON.parse(document.body.dataset['page'] ?? '{}') as PageStart<Texts>;
}
