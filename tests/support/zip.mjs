// @ts-check
// Reading a ZIP archive such as a .vsix, on every system alike and with the permissions that are in it.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** @typedef {{ mode: number, bytes: () => Buffer }} ZipEntry `mode`: as in a file's status, 0 if nothing is known */

/** @param {string} file @returns {Map<string, ZipEntry>} */
export function readZip(file) {
    const zip = readFileSync(file);
    const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    if (end < 0) throw new Error(`${file} is no ZIP archive.`);
    const entries = new Map();
    let at = zip.readUInt32LE(end + 16);
    for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
        const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
            zip.readUInt16LE(at + offset),
        );
        const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
        entries.set(name, entryAt(zip, at));
        at += 46 + nameLength + extraLength + commentLength;
    }
    return entries;
}

/** @param {Buffer} zip @param {number} at of its description in the central directory @returns {ZipEntry} */
function entryAt(zip, at) {
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + size);
    return {
        mode: zip.readUInt32LE(at + 38) >>> 16,
        bytes: () => (method === 0 ? packed : inflateRawSync(packed)),
    };
}

/**
 * Unpacks the files below a folder of the archive, as VS Code does.
 * @param {string} file
 * @param {string} folder
 * @param {string} to
 */
export function unpackZip(file, folder, to) {
    for (const [name, { mode, bytes }] of readZip(file)) {
        if (!name.startsWith(`${folder}/`) || name.endsWith('/')) continue;
        const path = join(to, name.slice(folder.length + 1));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, bytes());
        if (mode !== 0) chmodSync(path, mode & 0o777);
    }
}
