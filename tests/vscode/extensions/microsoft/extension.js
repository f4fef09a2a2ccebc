// @ts-check
// The editor's Microsoft accounts: as VS Code's own provider, with the accounts of the local Azure ML.
'use strict';

const fs = require('node:fs');
const vscode = require('vscode');

// What the test has put there: {authority, client, tenant, refreshToken, log}.
const settings = JSON.parse(fs.readFileSync(process.env.TEST_MICROSOFT ?? '', 'utf8'));
const account = { id: 'ada', label: 'ada@contoso.example' };

/** @type {import('vscode').AuthenticationSession[]} */
let sessions = [];
const changed = new vscode.EventEmitter();

/** @param {readonly string[]} scopes @param {string} [claims] */
async function session(scopes, claims) {
    fs.appendFileSync(settings.log, `${JSON.stringify({ scopes, claims })}\n`);
    const [, tenant = settings.tenant] =
        /VSCODE_TENANT:(\S+)/.exec(scopes.find((scope) => scope.startsWith('VSCODE_TENANT:')) ?? '') ?? [];
    const body = new URLSearchParams({
        client_id: settings.client,
        grant_type: 'refresh_token',
        refresh_token: settings.refreshToken,
        scope: scopes.filter((scope) => !scope.startsWith('VSCODE_')).join(' '),
        ...(claims === undefined ? {} : { claims }),
    });
    const response = await fetch(`${settings.authority}/${tenant}/oauth2/v2.0/token`, {
        method: 'POST',
        body,
    });
    const answer = /** @type {any} */ (await response.json());
    if (!response.ok) throw new Error(answer.error_description);
    return {
        id: `${tenant} ${scopes.join(' ')}`,
        accessToken: answer.access_token,
        account,
        scopes: [...scopes],
    };
}

/** @param {any} challenge of the service: a header, and the scopes it is about */
function claimsOf({ challenges }) {
    const encoded = challenges.map((/** @type {any} */ { params }) => params.claims).find(Boolean);
    return Buffer.from(encoded, 'base64').toString();
}

const provider = {
    onDidChangeSessions: changed.event,
    /** @param {readonly string[] | undefined} scopes */
    async getSessions(scopes) {
        if (sessions.length === 0) return [];
        // Whoever is signed in gets a token for everything else without being asked again.
        return scopes === undefined ? sessions : [await session(scopes)];
    },
    /** @param {readonly string[]} scopes */
    async createSession(scopes) {
        const made = await session(scopes);
        sessions = [made];
        changed.fire({ added: [made], removed: [], changed: [] });
        return made;
    },
    async removeSession() {
        const removed = sessions;
        sessions = [];
        changed.fire({ added: [], removed, changed: [] });
    },
    /** @param {any} challenge */
    async getSessionsFromChallenges(challenge) {
        return [await session(challenge.fallbackScopes ?? challenge.scopes, claimsOf(challenge))];
    },
    /** @param {any} challenge */
    async createSessionFromChallenges(challenge) {
        return session(challenge.fallbackScopes ?? challenge.scopes, claimsOf(challenge));
    },
};

/** @param {import('vscode').ExtensionContext} context */
exports.activate = (context) => {
    const options = { supportsMultipleAccounts: true, supportsChallenges: true };
    context.subscriptions.push(
        vscode.authentication.registerAuthenticationProvider('microsoft', 'Microsoft', provider, options),
        vscode.commands.registerCommand('test.microsoft.signOut', () => provider.removeSession()),
    );
};
