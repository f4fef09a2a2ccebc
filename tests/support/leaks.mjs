// @ts-check
// Looks for tokens and secrets where they must not be.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every token and secret the emulator has given out; its seed must have `listIssued`.
 * @param {{ ready: { armEndpoint: string } }} emulator
 * @returns {Promise<string[]>}
 */
export async function issuedBy(emulator) {
    const response = await fetch(`${emulator.ready.armEndpoint}/emulator/issued`);
    if (!response.ok) throw new Error(`The emulator lists nothing: ${response.status}`);
    return /** @type {string[]} */ (await response.json());
}

/**
 * The secrets that stand in a text, as they are or without their padding, shortened for a message.
 * @param {string} text
 * @param {readonly string[]} secrets
 */
export function secretsIn(text, secrets) {
    // A signature alone would be of use too, and so would a token without it.
    const parts = secrets.flatMap((secret) =>
        secret.startsWith('eyJ') ? [secret.split('.').at(-1) ?? secret, secret.split('.')[1] ?? secret] : [secret],
    );
    return parts.filter((part) => part.length >= 16 && text.includes(part)).map((part) => `${part.slice(0, 8)}…`);
}

/**
 * The secrets that stand in an emulator's record, but for where a test asked for the list of them.
 * @param {string} file
 * @param {readonly string[]} secrets
 */
export function secretsInRecord(file, secrets) {
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'latin1').split('\n');
    return secretsIn(lines.filter((line) => !line.includes('/emulator/issued"')).join('\n'), secrets);
}

// Larger ones are data that a test has made.
const mostBytes = 32 * 1024 * 1024;

/**
 * The files below `folder` that hold a secret, with which one.
 * @param {string} folder
 * @param {readonly string[]} secrets
 */
export function leaksBelow(folder, secrets) {
    const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
    return files
        .filter((file) => {
            const facts = statSync(file, { throwIfNoEntry: false });
            return facts?.isFile() === true && facts.size <= mostBytes;
        })
        .flatMap((file) => secretsIn(readFileSync(file, 'latin1'), secrets).map((secret) => `${file}: ${secret}`));
}
