// @ts-check
// What the dynamic loader of Linux reads of a program: its machine, interpreter, libraries and their versions.

/** @typedef {{ type: number, offset: number, address: number, size: number }} Segment */

const machines = new Map([
    [62, 'x64'],
    [183, 'arm64'],
]);
const tag = { needed: 1, strings: 5, rpath: 15, runpath: 29, versions: 0x6ffffffe, versionCount: 0x6fffffff };

/** @param {Buffer} bytes */
export function readElf(bytes) {
    if (bytes.toString('latin1', 0, 4) !== '\x7fELF') throw new Error('This is no ELF file.');
    if (bytes[4] !== 2 || bytes[5] !== 1) throw new Error('This ELF file is not of 64 bits, little-endian.');
    const all = segments(bytes);
    const interpreter = all.find(({ type }) => type === 3);
    const dynamic = readDynamic(bytes, all);
    return {
        machine: machines.get(bytes.readUInt16LE(18)),
        interpreter: interpreter && text(bytes, interpreter.offset),
        needed: dynamic.needed,
        searchPath: dynamic.searchPath,
        versions: dynamic.versions,
        sections: sectionNames(bytes),
    };
}

/** @param {Buffer} bytes @returns {Segment[]} */
function segments(bytes) {
    const table = long(bytes, 32);
    const [size, count] = [bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
    return Array.from({ length: count }, (_, index) => {
        const at = table + index * size;
        const [offset, address, length] = [8, 16, 32].map((field) => long(bytes, at + field));
        return { type: bytes.readUInt32LE(at), offset, address, size: length };
    });
}

/** @param {Buffer} bytes @param {Segment[]} all */
function readDynamic(bytes, all) {
    const found = { needed: [], searchPath: [], versions: [] };
    const dynamic = all.find(({ type }) => type === 2);
    if (dynamic === undefined) return found;
    const entries = [];
    for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
        entries.push([long(bytes, at), long(bytes, at + 8)]);
    }
    const valueOf = (/** @type {number} */ wanted) => entries.find(([key]) => key === wanted)?.[1];
    const offsetOf = (/** @type {number} */ address) => {
        const load = all.find(
            (one) => one.type === 1 && address >= one.address && address < one.address + one.size,
        );
        return load === undefined ? address : address - load.address + load.offset;
    };
    const strings = offsetOf(valueOf(tag.strings) ?? 0);
    const named = (/** @type {number[]} */ ...tags) =>
        entries.filter(([key]) => tags.includes(key)).map(([, value]) => text(bytes, strings + value));
    const versions = [];
    let at = offsetOf(valueOf(tag.versions) ?? 0);
    for (let files = valueOf(tag.versionCount) ?? 0; files > 0; files -= 1) {
        let auxiliary = at + bytes.readUInt32LE(at + 8);
        for (let count = bytes.readUInt16LE(at + 2); count > 0; count -= 1) {
            versions.push(text(bytes, strings + bytes.readUInt32LE(auxiliary + 8)));
            auxiliary += bytes.readUInt32LE(auxiliary + 12);
        }
        at += bytes.readUInt32LE(at + 12);
    }
    return { needed: named(tag.needed), searchPath: named(tag.rpath, tag.runpath), versions };
}

/** @param {Buffer} bytes @returns {string[]} */
function sectionNames(bytes) {
    const table = long(bytes, 40);
    const [size, count, names] = [58, 60, 62].map((field) => bytes.readUInt16LE(field));
    if (count === 0) return [];
    const strings = long(bytes, table + names * size + 24);
    return Array.from({ length: count }, (_, index) =>
        text(bytes, strings + bytes.readUInt32LE(table + index * size)),
    );
}

/** @param {Buffer} bytes @param {number} at */
function long(bytes, at) {
    return Number(bytes.readBigUInt64LE(at));
}

/** @param {Buffer} bytes @param {number} at */
function text(bytes, at) {
    return bytes.toString('utf8', at, bytes.indexOf(0, at));
}
