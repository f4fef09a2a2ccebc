import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient';
import { challengeOf, providerOf, scopesOf } from './model/signIn';
import type {
    AccountsParams,
    AccountsResult,
    ErrorData,
    GetTokenParams,
    GetTokenResult,
} from './protocol.gen';

// The editor renews its session by itself and does not say when; the server asks again after this time.
const askAgainAfterMs = 5 * 60_000;

/**
 * Lends the server a token from the editor's own Microsoft session.
 * Fails with NotSignedIn when the user declines or this editor has no such session; the server then tries another way.
 */
export async function getToken(params: GetTokenParams): Promise<GetTokenResult> {
    const provider = providerOf(params.authority);
    const scopes = scopesOf(params);
    const challenge = challengeOf(params, vscode.version);
    // What newer editors take in place of scopes; older ones cannot answer a challenge, and the service says so again.
    const answerTo = { wwwAuthenticate: challenge, fallbackScopes: scopes } as unknown as string[];
    const request = challenge === undefined ? scopes : answerTo;
    const asked = vscode.authentication.getSession(provider, request, await options(provider, params));
    const session = await asked.then(undefined, (error: unknown) => {
        throw notSignedIn(error instanceof Error ? error.message : String(error));
    });
    if (!session) throw notSignedIn(vscode.l10n.t('Nobody is signed in with a Microsoft account.'));
    const expiresAt = new Date(Date.now() + askAgainAfterMs).toISOString();
    return { token: session.accessToken, expiresAt, account: session.account.label };
}

function notSignedIn(message: string): ResponseError<ErrorData> {
    return new ResponseError(LSPErrorCodes.RequestFailed, message, { kind: 'NotSignedIn' });
}

type Options = vscode.AuthenticationGetSessionOptions;

async function options(provider: string, params: GetTokenParams): Promise<Options> {
    const all = params.account === undefined ? [] : await vscode.authentication.getAccounts(provider);
    const account = all.find(({ id }) => id === params.account);
    return {
        ...(params.interactive ? { createIfNone: true } : { silent: true }),
        ...(params.interactive && params.chooseAccount ? { clearSessionPreference: true } : {}),
        ...(account === undefined ? {} : { account }),
    };
}

/** The Microsoft accounts the editor is signed in with. */
export async function listAccounts({ authority }: AccountsParams): Promise<AccountsResult> {
    const accounts = await vscode.authentication.getAccounts(providerOf(authority));
    return { accounts: accounts.map(({ id, label }) => ({ id, label })) };
}

/** Tells when someone signed in to one of the editor's Microsoft accounts, or out of it. */
export function onDidChangeAccounts(changed: () => void): vscode.Disposable {
    return vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id.startsWith('microsoft')) changed();
    });
}
