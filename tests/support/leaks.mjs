// @ts-check
// Looks for tokens and secrets where they must not be.

import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
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
    return partsOf(secrets)
        .filter((part) => text.includes(part))
        .map(shortened);
}

/**
 * What is looked for: a signature alone would be of use too, and so would a token without it.
 * @param {readonly string[]} secrets
 */
function partsOf(secrets) {
    return secrets
        .flatMap((secret) => (secret.startsWith('eyJ') ? [secret.split('.').at(-1) ?? secret, secret.split('.')[1] ?? secret] : [secret]))
        .filter((part) => part.length >= 16);
}

/** @param {string} part */
const shortened = (part) => `${part.slice(0, 8)}…`;

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

const chunkBytes = 4 * 1024 * 1024;

/**
 * The secrets that stand in a file of any size, read in chunks that overlap by the longest of them.
 * @param {string} file
 * @param {readonly string[]} secrets
 * @param {number} [chunk] bytes read at once
 */
export function secretsInFile(file, secrets, chunk = chunkBytes) {
    const parts = partsOf(secrets);
    const overlap = Math.max(0, ...parts.map((part) => part.length - 1));
    const buffer = Buffer.alloc(overlap + chunk);
    const found = new Set();
    const descriptor = openSync(file, 'r');
    try {
        let kept = 0;
        for (;;) {
            const count = readSync(descriptor, buffer, kept, chunk, null);
            if (count === 0) break;
            const end = kept + count;
            const text = buffer.latin1Slice(0, end);
            for (const part of parts) if (text.includes(part)) found.add(part);
            kept = Math.min(overlap, end);
            buffer.copyWithin(0, end - kept, end);
        }
    } finally {
        closeSync(descriptor);
    }
    return [...found].map(shortened);
}

/**
 * The files below `folder` that hold a secret, with which one.
 * @param {string} folder
 * @param {readonly string[]} secrets
 */
export function leaksBelow(folder, secrets) {
    const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
    return files
        .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
        .flatMap((file) => secretsInFile(file, secrets).map((secret) => `${file}: ${secret}`));
}
