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

type Report = vscode.Progress<{ message?: string; increment?: number }>;
type Params = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

interface Shown {
    report: Report;
    end: () => void;
    percentage: number;
}

/** Shows the server's cancellable progress as notifications with a Cancel button, the rest in the status bar. */
export class ProgressNotifications implements vscode.Disposable {
    readonly #shown = new Map<ProgressToken, Shown>();

    dispose(): void {
        for (const shown of this.#shown.values()) shown.end();
        this.#shown.clear();
    }

    /** The middleware that replaces the client library's own display. */
    handle(client: () => BaseLanguageClient) {
        return (token: ProgressToken, params: Params, next: HandleWorkDoneProgressSignature): void => {
            switch (params.kind) {
                case 'begin':
                    this.#begin(client(), token, params);
                    break;
                case 'report':
                    this.#report(token, params);
                    break;
                case 'end':
                    this.#shown.get(token)?.end();
                    this.#shown.delete(token);
                    next(token, params);
                    break;
            }
        };
    }

    #begin(client: BaseLanguageClient, token: ProgressToken, params: WorkDoneProgressBegin): void {
        const options = {
            title: params.title,
            cancellable: params.cancellable ?? false,
            location: params.cancellable
                ? vscode.ProgressLocation.Notification
                : vscode.ProgressLocation.Window,
        };
        void vscode.window.withProgress(options, (report, cancel) => {
            cancel.onCancellationRequested(() => {
                void client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
            });
            return new Promise<void>((resolve) => {
                this.#shown.set(token, { report, end: resolve, percentage: 0 });
                this.#report(token, params);
            });
        });
    }

    #report(token: ProgressToken, params: { message?: string; percentage?: number }): void {
        const shown = this.#shown.get(token);
        if (!shown) return;
        const percentage = params.percentage ?? shown.percentage;
        shown.report.report({
            ...(params.message !== undefined && { message: params.message }),
            increment: percentage - shown.percentage,
        });
        shown.percentage = percentage;
    }
}
