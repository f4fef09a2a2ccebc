import type { GetTokenParams } from '../protocol.gen';

/** The editor's authentication provider for a cloud, by the address of its Microsoft Entra ID. */
export function providerOf(authority: string | undefined): string {
    const host = (authority ?? '').replace(/^https:\/\//, '').replace(/\/.*$/, '');
    const sovereign = /^login\.(microsoftonline\.us|(chinacloudapi|partner\.microsoftonline)\.cn)$/;
    return sovereign.test(host) ? 'microsoft-sovereign-cloud' : 'microsoft';
}

/** The scopes of a session, with the tenant as the editor's Microsoft provider wants it. */
export function scopesOf({ scopes, tenant }: GetTokenParams): string[] {
    return tenant === undefined ? [...scopes] : [...scopes, `VSCODE_TENANT:${tenant}`];
}

/**
 * The claims challenge as a header of the service, for editors that take one (VS Code 1.105 and newer);
 * undefined when there is none or the editor is older.
 */
export function challengeOf({ claims }: GetTokenParams, version: string): string | undefined {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (claims === undefined || (major === 1 && minor < 105)) return undefined;
    return `Bearer error="insufficient_claims", claims="${claims}"`;
}
