import type { Failure, HostMessage, PageMessage } from '../../webview/messages';

/** What answers the questions of a page. */
export interface PageServer<Action> {
    /** Answers a question; throws when there is no answer. */
    readonly ask: (method: string, params: object, signal: AbortSignal) => Promise<unknown>;
    readonly act: (action: Action) => void;
    readonly post: (message: HostMessage) => void;
    readonly explain: (error: unknown) => Failure;
}

/** The questions of one page that are not answered yet. Whatever the page sends, only its server's answers go back. */
export class PageRequests<Action> {
    readonly #server: PageServer<Action>;
    readonly #open = new Map<number, AbortController>();

    constructor(server: PageServer<Action>) {
        this.#server = server;
    }

    receive(message: PageMessage<Action>): void {
        switch (message.kind) {
            case 'ask':
                void this.#answer(message.number, message.method, message.params);
                break;
            case 'cancel':
                this.#open.get(message.number)?.abort();
                break;
            case 'act':
                this.#server.act(message.action);
                break;
        }
    }

    /** Ends every question, since nobody sees the page any more. */
    cancel(): void {
        for (const question of this.#open.values()) question.abort();
    }

    async #answer(number: number, method: string, params: object): Promise<void> {
        const question = new AbortController();
        this.#open.set(number, question);
        let message: HostMessage;
        try {
            const result = await this.#server.ask(method, params, question.signal);
            message = { kind: 'answer', number, result };
        } catch (error) {
            message = { kind: 'failure', number, failure: this.#server.explain(error) };
        }
        this.#open.delete(number);
        if (!question.signal.aborted) this.#server.post(message);
    }
}
