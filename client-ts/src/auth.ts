import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient';
import type { ErrorData, GetTokenParams, GetTokenResult } from './protocol.gen';

const provider = 'microsoft';

// The editor renews its session by itself and does not say when; the server asks again after this time.
const askAgainAfterMs = 5 * 60_000;

/**
 * Lends the server a token from the editor's own Microsoft session.
 * Fails with NotSignedIn when the user declines or this editor has no such session; the server then tries another way.
 */
export async function getToken(params: GetTokenParams): Promise<GetTokenResult> {
    const scopes = [...params.scopes];
    if (params.tenant !== undefined) scopes.push(`VSCODE_TENANT:${params.tenant}`);
    const session = await sessionFor(scopes, params.interactive ? { createIfNone: true } : { silent: true });
    if (!session) throw notSignedIn(vscode.l10n.t('Nobody is signed in with a Microsoft account.'));
    const expiresAt = new Date(Date.now() + askAgainAfterMs).toISOString();
    return { token: session.accessToken, expiresAt, account: session.account.label };
}

async function sessionFor(
    scopes: readonly string[],
    options: vscode.AuthenticationGetSessionOptions,
): Promise<vscode.AuthenticationSession | undefined> {
    try {
        return await vscode.authentication.getSession(provider, scopes, options);
    } catch (error) {
        throw notSignedIn(error instanceof Error ? error.message : String(error));
    }
}

function notSignedIn(message: string): ResponseError<ErrorData> {
    return new ResponseError(LSPErrorCodes.RequestFailed, message, { kind: 'NotSignedIn' });
}
