import * as vscode from 'vscode';
import {
    WorkDoneProgressCancelNotification,
    type BaseLanguageClient,
    type HandleWorkDoneProgressSignature,
    type ProgressToken,
    type WorkDoneProgressBegin,
    type WorkDoneProgressReport,
} from 'vscode-languageclient';
import { deferred } from '../model/deferred';
import { withLinks } from '../model/links';
import type { WorkDoneProgress } from '../protocol.gen';

/** Shows a server's cancellable progress as notifications with a Cancel button, the rest in the status bar. */
export class ProgressNotifications {
    readonly #client: BaseLanguageClient;
    readonly #shown = new Map<ProgressToken, Shown>();

    constructor(client: BaseLanguageClient) {
        this.#client = client;
    }

    /** Ends the display of work whose server is gone. */
    clear(): void {
        for (const shown of this.#shown.values()) shown.end();
        this.#shown.clear();
    }

    /** Middleware that replaces the client library's own display. */
    handle(token: ProgressToken, params: WorkDoneProgress, next: HandleWorkDoneProgressSignature): void {
        if (params.kind === 'begin') {
            const cancel = WorkDoneProgressCancelNotification.type;
            const onCancel = (): unknown => this.#client.sendNotification(cancel, { token });
            this.#shown.set(token, new Shown(params, onCancel));
        } else if (params.kind === 'report') {
            this.#shown.get(token)?.report(params);
        } else {
            this.#shown.get(token)?.end();
            this.#shown.delete(token);
            next(token, params);
        }
    }
}

/** One progress on the screen. VS Code shows it a moment after it was asked to, when it may have ended already. */
class Shown {
    readonly #display = deferred<vscode.Progress<{ message?: string; increment: number }>>();
    readonly #ended = deferred<undefined>();
    readonly #waiting: NodeJS.Timeout;
    #reached = 0;

    constructor(begin: WorkDoneProgressBegin, onCancel: () => unknown) {
        const { title, cancellable = false } = begin;
        const { Notification, Window } = vscode.ProgressLocation;
        const options = { title, cancellable, location: cancellable ? Notification : Window };
        // VS Code leaves a notification there for 0.8 s: too long for what is over at once.
        this.#waiting = setTimeout(() => {
            void vscode.window.withProgress(options, (progress, cancel) => {
                cancel.onCancellationRequested(onCancel);
                this.#display.resolve(progress);
                return this.#ended.promise;
            });
        }, 400);
        this.report(begin);
    }

    report({ message, percentage = this.#reached }: Omit<WorkDoneProgressReport, 'kind'>): void {
        const text = message === undefined ? {} : { message: withLinks(message) };
        const increment = percentage - this.#reached;
        this.#reached = percentage;
        void this.#display.promise.then((display) => display.report({ ...text, increment }));
    }

    end(): void {
        clearTimeout(this.#waiting);
        this.#ended.resolve(undefined);
    }
}
