import type { CancellationToken, Disposable } from 'vscode';
import { ErrorCodes, ResponseError, type BaseLanguageClient } from 'vscode-languageclient';
import type { NotificationOf, RequestOf } from './protocol.gen';

/** Sends one of our own requests, typed by the protocol's model. */
export function request<Params, Result>(
    client: BaseLanguageClient,
    message: RequestOf<Params, Result>,
    params: Params,
    cancel?: CancellationToken,
): Promise<Result> {
    // The library takes an absent token for a second parameter.
    return cancel === undefined
        ? client.sendRequest<Result>(message.method, params)
        : client.sendRequest<Result>(message.method, params, cancel);
}

/** Answers a request of the server. */
export function answer<Params, Result>(
    client: BaseLanguageClient,
    message: RequestOf<Params, Result>,
    handler: (params: Params, cancel: CancellationToken) => Promise<Result>,
): Disposable {
    return client.onRequest(message.method, handler);
}

/** Listens to a notification of the server. */
export function listen<Params>(
    client: BaseLanguageClient,
    message: NotificationOf<Params>,
    handler: (params: Params) => void,
): Disposable {
    return client.onNotification(message.method, handler);
}

/** Whether a request failed because its server ended, and may be asked of the next one. */
export function isInterrupted(error: unknown): boolean {
    const codes: number[] = [ErrorCodes.ConnectionInactive, ErrorCodes.PendingResponseRejected];
    return error instanceof ResponseError && codes.includes(error.code);
}
