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

/** The account that the server has got when it did not name one: the one it is signed in with. */
let lent: string | undefined;

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
    if (params.account === undefined) lent = session.account.id;
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

/** Tells when the account that the server is signed in with was signed out of the editor. */
export function onDidLoseAccount(lost: () => unknown): vscode.Disposable {
    return vscode.authentication.onDidChangeSessions(async ({ provider }) => {
        const own = lent;
        if (own === undefined || !provider.id.startsWith('microsoft')) return;
        const accounts = await vscode.authentication.getAccounts(provider.id);
        if (lent !== own || accounts.some(({ id }) => id === own)) return;
        lent = undefined;
        lost();
    });
}
