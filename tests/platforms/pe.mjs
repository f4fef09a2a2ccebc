// @ts-check
// What Windows reads of a program: its machine, whether it has a console, the libraries it needs, its manifest.

const machines = new Map([
    [0x8664, 'x64'],
    [0xaa64, 'arm64'],
]);
const subsystems = new Map([
    [2, 'window'],
    [3, 'console'],
]);
const directory = { imports: 1, resources: 2, delayedImports: 13 };
const manifestType = 24;

/** @param {Buffer} bytes */
export function readPe(bytes) {
    const start = bytes.toString('latin1', 0, 2) === 'MZ' ? bytes.readUInt32LE(60) : -1;
    if (start < 0 || bytes.toString('latin1', start, start + 4) !== 'PE\0\0')
        throw new Error('This is no PE file.');
    const optional = start + 24;
    if (bytes.readUInt16LE(optional) !== 0x20b) throw new Error('This PE file is not of 64 bits.');
    const sections = sectionsAt(
        bytes,
        optional + bytes.readUInt16LE(start + 20),
        bytes.readUInt16LE(start + 6),
    );
    const offsetOf = (/** @type {number} */ address) => {
        const section = sections.find((one) => address >= one.address && address < one.address + one.size);
        if (section === undefined) throw new Error(`No section has the address ${address}.`);
        return address - section.address + section.offset;
    };
    const place = (/** @type {number} */ index) => bytes.readUInt32LE(optional + 112 + index * 8);
    const names = (/** @type {number} */ index, /** @type {number} */ size, /** @type {number} */ field) => {
        const found = [];
        if (place(index) === 0) return found;
        for (let at = offsetOf(place(index)); bytes.readUInt32LE(at + field) !== 0; at += size) {
            const name = offsetOf(bytes.readUInt32LE(at + field));
            found.push(bytes.toString('latin1', name, bytes.indexOf(0, name)).toLowerCase());
        }
        return found;
    };
    return {
        machine: machines.get(bytes.readUInt16LE(start + 4)),
        subsystem: subsystems.get(bytes.readUInt16LE(optional + 68)),
        libraries: [...names(directory.imports, 20, 12), ...names(directory.delayedImports, 32, 4)],
        symbols: bytes.readUInt32LE(start + 12),
        sections: sections.map(({ name }) => name),
        manifest: manifest(bytes, place(directory.resources), offsetOf),
    };
}

/** @param {Buffer} bytes @param {number} table @param {number} count */
function sectionsAt(bytes, table, count) {
    return Array.from({ length: count }, (_, index) => {
        const at = table + index * 40;
        const [size, address, , offset] = [8, 12, 16, 20].map((field) => bytes.readUInt32LE(at + field));
        return { name: bytes.toString('latin1', at, at + 8).replace(/\0+$/, ''), size, address, offset };
    });
}

/**
 * The first resource of its type, in whatever name and language.
 * @param {Buffer} bytes @param {number} address @param {(address: number) => number} offsetOf
 * @returns {string | undefined}
 */
function manifest(bytes, address, offsetOf) {
    if (address === 0) return undefined;
    const root = offsetOf(address);
    const entries = (/** @type {number} */ at) => {
        const count = bytes.readUInt16LE(at + 12) + bytes.readUInt16LE(at + 14);
        return Array.from({ length: count }, (_, index) => {
            const [id, target] = [0, 4].map((field) => bytes.readUInt32LE(at + 16 + index * 8 + field));
            return { id, at: root + (target & 0x7fffffff) };
        });
    };
    const type = entries(root).find(({ id }) => id === manifestType);
    const name = type && entries(type.at)[0];
    const language = name && entries(name.at)[0];
    if (language === undefined) return undefined;
    const [content, size] = [0, 4].map((field) => bytes.readUInt32LE(language.at + field));
    return bytes.toString('utf8', offsetOf(content), offsetOf(content) + size);
}
