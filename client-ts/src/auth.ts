import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient';
import { challengeOf, providerOf, scopesOf } from './model/signIn';
import type {
    AccountsParams,
    AccountsResult,
    ErrorData,
    GetTokenParams,
    GetTokenResult,
    ReadSecretParams,
    ReadSecretResult,
    StoreSecretParams,
} from './protocol.gen';

// The editor renews its session by itself and does not say when; the server asks again after this time.
const askAgainAfterMs = 5 * 60_000;

/** What newer editors take in place of scopes: a challenge of the service (VS Code 1.105). */
interface ChallengeRequest {
    readonly wwwAuthenticate: string;
    readonly fallbackScopes: readonly string[];
}

type GetSession = (
    provider: string,
    request: readonly string[] | ChallengeRequest,
    options: vscode.AuthenticationGetSessionOptions,
) => Thenable<vscode.AuthenticationSession | undefined>;

/**
 * Lends the server a token from the editor's own Microsoft session.
 * Fails with NotSignedIn when the user declines or this editor has no such session; the server then tries another way.
 */
export async function getToken(params: GetTokenParams): Promise<GetTokenResult> {
    const provider = providerOf(params.authority);
    const scopes = scopesOf(params);
    const challenge = challengeOf(params, vscode.version);
    const session = await sessionFor(
        provider,
        challenge === undefined ? scopes : { wwwAuthenticate: challenge, fallbackScopes: scopes },
        params,
    );
    if (!session) throw notSignedIn(vscode.l10n.t('Nobody is signed in with a Microsoft account.'));
    const expiresAt = new Date(Date.now() + askAgainAfterMs).toISOString();
    return { token: session.accessToken, expiresAt, account: session.account.label };
}

async function sessionFor(
    provider: string,
    request: readonly string[] | ChallengeRequest,
    params: GetTokenParams,
): Promise<vscode.AuthenticationSession | undefined> {
    // Older editors know scopes only and cannot answer a challenge; the service then says so again.
    const getSession = vscode.authentication.getSession as GetSession;
    try {
        return await getSession(provider, request, await options(provider, params));
    } catch (error) {
        throw notSignedIn(error instanceof Error ? error.message : String(error));
    }
}

function notSignedIn(message: string): ResponseError<ErrorData> {
    return new ResponseError(LSPErrorCodes.RequestFailed, message, { kind: 'NotSignedIn' });
}

async function options(
    provider: string,
    params: GetTokenParams,
): Promise<vscode.AuthenticationGetSessionOptions> {
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

/** Reads from the editor's secret storage. */
export async function readSecret(
    secrets: vscode.SecretStorage,
    { key }: ReadSecretParams,
): Promise<ReadSecretResult> {
    const value = await secrets.get(key);
    return value === undefined ? {} : { value };
}

/** Keeps a secret in the editor's secret storage, or removes it there. */
export async function storeSecret(
    secrets: vscode.SecretStorage,
    { key, value }: StoreSecretParams,
): Promise<null> {
    await (value === undefined ? secrets.delete(key) : secrets.store(key, value));
    return null;
}
