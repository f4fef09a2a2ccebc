// @ts-check
// What macOS reads of a program before it runs it: its machine, oldest system, libraries and signature.

import { createHash } from 'node:crypto';

const machines = new Map([
    [0x01000007, 'x64'],
    [0x0100000c, 'arm64'],
]);
const command = { version: 0x32, signature: 0x1d, runPath: 0x8000001c };
// Load, load weakly, load and export, load when needed.
const loads = new Set([0xc, 0x80000018, 0x8000001f, 0x20]);

/** @param {Buffer} bytes */
export function readMachO(bytes) {
    if (bytes.readUInt32LE(0) !== 0xfeedfacf)
        throw new Error('This is no Mach-O file of 64 bits for one machine.');
    const program = {
        machine: machines.get(bytes.readUInt32LE(4)),
        oldestSystem: /** @type {string | undefined} */ (undefined),
        libraries: /** @type {string[]} */ ([]),
        runPaths: /** @type {string[]} */ ([]),
        signature: /** @type {ReturnType<typeof readSignature>} */ (undefined),
    };
    let at = 32;
    for (let left = bytes.readUInt32LE(16); left > 0; left -= 1) {
        const kind = bytes.readUInt32LE(at);
        const text = () => {
            const start = at + bytes.readUInt32LE(at + 8);
            return bytes.toString('utf8', start, bytes.indexOf(0, start));
        };
        if (loads.has(kind)) program.libraries.push(text());
        if (kind === command.runPath) program.runPaths.push(text());
        if (kind === command.version) program.oldestSystem = version(bytes.readUInt32LE(at + 12));
        if (kind === command.signature) program.signature = readSignature(bytes, bytes.readUInt32LE(at + 8));
        at += bytes.readUInt32LE(at + 4);
    }
    return program;
}

/** @param {number} packed */
function version(packed) {
    return `${packed >>> 16}.${(packed >>> 8) & 255}`;
}

/**
 * The code directory of a signature. Arm Macs run no program whose pages differ from their hashes.
 * @param {Buffer} bytes @param {number} start
 */
function readSignature(bytes, start) {
    if (bytes.readUInt32BE(start) !== 0xfade0cc0) return undefined;
    const blobs = Array.from({ length: bytes.readUInt32BE(start + 8) }, (_, index) =>
        bytes.subarray(start + bytes.readUInt32BE(start + 12 + index * 8 + 4)),
    );
    const directory = blobs.find((blob) => blob.readUInt32BE(0) === 0xfade0c02);
    if (directory === undefined) return undefined;
    const [hashes, pages, limit] = [16, 28, 32].map((field) => directory.readUInt32BE(field));
    const [hashSize = 0, hashType, , pageBits = 0] = directory.subarray(36, 40);
    const pageSize = 2 ** pageBits;
    const holds = (/** @type {number} */ page) => {
        const content = bytes.subarray(page * pageSize, Math.min((page + 1) * pageSize, limit));
        const hash = directory.subarray(hashes + page * hashSize, hashes + (page + 1) * hashSize);
        return createHash('sha256').update(content).digest().subarray(0, hashSize).equals(hash);
    };
    return {
        isAdHoc: (directory.readUInt32BE(12) & 2) !== 0,
        // Of everything before the signature, in SHA-256.
        holds:
            hashType === 2 &&
            limit === start &&
            Array.from({ length: pages }, (_, page) => page).every(holds),
    };
}
