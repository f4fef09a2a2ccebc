import * as vscode from 'vscode';
import {
    WorkDoneProgressCancelNotification,
    type BaseLanguageClient,
    type HandleWorkDoneProgressSignature,
    type ProgressToken,
    type WorkDoneProgressBegin,
    type WorkDoneProgressEnd,
    type WorkDoneProgressReport,
} from 'vscode-languageclient';
import { withLinks } from '../model/links';

interface Shown {
    show(message: string | undefined, percentage: number | undefined): void;
    end(): void;
}

type Params = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** Shows the server's cancellable progress as notifications with a Cancel button, the rest in the status bar. */
export class ProgressNotifications {
    readonly #shown = new Map<ProgressToken, Shown>();

    /** Ends the display of work whose server is gone. */
    clear(): void {
        for (const shown of this.#shown.values()) shown.end();
        this.#shown.clear();
    }

    /** The middleware that replaces the client library's own display. */
    handle(client: () => BaseLanguageClient | undefined) {
        return (token: ProgressToken, params: Params, next: HandleWorkDoneProgressSignature): void => {
            if (params.kind === 'begin') {
                this.#begin(
                    token,
                    params,
                    () => void client()?.sendNotification(WorkDoneProgressCancelNotification.type, { token }),
                );
            } else if (params.kind === 'report') {
                this.#shown.get(token)?.show(params.message, params.percentage);
            } else {
                this.#shown.get(token)?.end();
                this.#shown.delete(token);
                next(token, params);
            }
        };
    }

    #begin(token: ProgressToken, begin: WorkDoneProgressBegin, onCancel: () => void): void {
        const { title, cancellable = false } = begin;
        const { Notification, Window } = vscode.ProgressLocation;
        const location = cancellable ? Notification : Window;
        void vscode.window.withProgress({ title, cancellable, location }, (progress, cancel) => {
            cancel.onCancellationRequested(onCancel);
            let reached = 0;
            return new Promise<void>((end) => {
                const show: Shown['show'] = (message, percentage = reached) => {
                    const increment = percentage - reached;
                    progress.report({
                        increment,
                        ...(message !== undefined && { message: withLinks(message) }),
                    });
                    reached = percentage;
                };
                this.#shown.set(token, { show, end });
                show(begin.message, begin.percentage);
            });
        });
    }
}
