import * as vscode from 'vscode';
import type { GetTokenParams, GetTokenResult } from './protocol.gen';

const provider = 'microsoft';

// The editor renews its session by itself and does not say when; the server asks again after this time.
const askAgainAfterMs = 5 * 60_000;

/**
 * Lends the server a token from the editor's own Microsoft session.
 * Rejects when the user declines or this editor has no Microsoft provider; the server then tries another way.
 */
export async function getToken(params: GetTokenParams): Promise<GetTokenResult> {
    const scopes = [...params.scopes];
    if (params.tenant !== undefined) scopes.push(`VSCODE_TENANT:${params.tenant}`);
    const session = await vscode.authentication.getSession(
        provider,
        scopes,
        params.interactive ? { createIfNone: true } : { silent: true },
    );
    if (!session) throw new Error(vscode.l10n.t('Nobody is signed in with a Microsoft account.'));
    const expiresAt = new Date(Date.now() + askAgainAfterMs).toISOString();
    return { token: session.accessToken, expiresAt, account: session.account.label };
}
