// @ts-check
// The server's upload against Microsoft's own storage emulator: what the one sends, the other has.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { binaries, killWhatRuns, Program } from '../support/processes.mjs';
import { Azurite } from './azurite.mjs';
import { UnsteadyLine } from './unsteady_line.mjs';

after(killWhatRuns);

const megabyte = 1024 * 1024;

describe('the upload of a snapshot to Azurite', () => {
    /** @type {Azurite} */
    let azurite;
    /** @type {string[]} */
    const folders = [];
    let containers = 0;

    before(async () => {
        azurite = await Azurite.start();
    });
    after(async () => {
        await azurite?.stop();
        for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });

    const newFolder = () => {
        const folder = mkdtempSync(join(tmpdir(), 'aml-upload-'));
        folders.push(folder);
        return folder;
    };

    /** @param {Record<string, string | Buffer>} files */
    const folderOf = (files) => {
        const folder = newFolder();
        for (const [path, content] of Object.entries(files)) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), content);
        }
        return folder;
    };

    const newContainer = async () => {
        const name = `snapshot-${(containers += 1)}`;
        return { name, client: await azurite.container(name) };
    };

    /**
     * Runs the server's upload to its end.
     * @param {string} folder
     * @param {string} address
     */
    const upload = async (folder, address) => {
        const env = { ...process.env, AML_UPLOAD_CONTAINER: address };
        const ended = await new Program(join(binaries, 'aml_blob_upload'), [folder], { env }).ended;
        assert.doesNotMatch(ended.stdout + ended.stderr, /sig=/, 'the SAS is a secret');
        assert.notEqual(ended.stdout, '', ended.stderr);
        return { code: ended.code, said: JSON.parse(ended.stdout) };
    };

    /**
     * Uploads, and reads everything back with Microsoft's client.
     * @param {Record<string, string | Buffer>} files
     */
    const arrives = async (files) => {
        const { name, client } = await newContainer();
        const folder = folderOf(files);
        const { code, said } = await upload(folder, azurite.address(name));
        assert.equal(code, 0, JSON.stringify(said));
        /** @type {Map<string, string>} */
        const stored = new Map();
        for await (const { name: blob } of client.listBlobsFlat()) {
            stored.set(blob, sha256(await client.getBlobClient(blob).downloadToBuffer()));
        }
        // Names go in normal form C, so that they are the same from every system.
        const wanted = Object.entries(files).map(([path, content]) => [`${basename(folder)}/${path.normalize('NFC')}`, sha256(content)]);
        assert.deepEqual([...stored].sort(), wanted.sort());
        // The server reads the same names and bytes back.
        const read = Object.entries(said.found).map(([blob, found]) => [blob, /** @type {any} */ (found).sha256]);
        assert.deepEqual(read.sort(), wanted.sort());
        assert.equal(said.filesReported, wanted.length);
        return { client, folder, said };
    };

    test('small and empty files, as block blobs, and the mark of completion', async () => {
        const files = { 'train.py': 'print("hi")\n', empty: '', 'data/deep/er/x.csv': '1,2\n', 'data/empty': Buffer.alloc(0) };
        const { client, folder, said } = await arrives(files);
        const properties = await client.getBlobClient(`${basename(folder)}/train.py`).getProperties();
        assert.equal(properties.blobType, 'BlockBlob');
        assert.equal(properties.contentLength, 12);
        assert.equal(properties.contentType, 'application/octet-stream');
        const marked = await client.getBlobClient(`${basename(folder)}/${said.marked}`).getProperties();
        assert.deepEqual(marked.metadata, { upload_status: 'completed' });
    });

    test('two thousand files', async () => {
        const numbers = Array.from({ length: 2000 }, (_, index) => index);
        await arrives(Object.fromEntries(numbers.map((number) => [`many/${number % 40}/${number}.txt`, `file ${number}\n`])));
    });

    test('names with everything that addresses treat specially', async () => {
        const names = [
            'with space.py',
            ' leading and trailing ',
            'hundred%.txt',
            'a%20b.txt',
            'a+b.txt',
            'a#b.txt',
            'what?.txt',
            'a&b=c;d,e.txt',
            'colon:at@$!.txt',
            "quote's \"double\".txt",
            '[brackets] (round) {curly}.txt',
            'pipe|tilde~caret^tick`.txt',
            '<less>.txt',
            'ümlaut/日本語/emoji 🚀.txt',
            'composed-\u00e9.txt',
            'decomposed-e\u0301.txt',
            'UPPER/lower.TXT',
            'upper/lower.txt',
            '.hidden/..almost/...dots',
        ];
        await arrives(Object.fromEntries(names.map((name) => [name, `this is ${name}`])));
    });

    test('more than 256 MiB, in blocks', async () => {
        const { name, client } = await newContainer();
        const folder = newFolder();
        const size = 260 * megabyte + 12_345;
        const hash = writePattern(join(folder, 'model.bin'), size);
        const { code, said } = await upload(folder, azurite.address(name));
        assert.equal(code, 0, JSON.stringify(said));
        assert.equal(said.bytesReported, size);
        const blob = client.getBlockBlobClient(`${basename(folder)}/model.bin`);
        assert.equal(await hashOf((await blob.download()).readableStreamBody), hash);
        const { committedBlocks = [] } = await blob.getBlockList('all');
        assert.ok(committedBlocks.length > 30, `${committedBlocks.length} blocks`);
        assert.equal(said.found[`${basename(folder)}/model.bin`].sha256, hash);
    });

    test('a line that breaks: only what was under way is sent again', async () => {
        const { name, client } = await newContainer();
        const folder = newFolder();
        const size = 64 * megabyte;
        const hash = writePattern(join(folder, 'model.bin'), size);
        const breaks = [3 * megabyte, 5 * megabyte, 0, 12 * megabyte];
        const line = new UnsteadyLine(azurite.port, breaks);
        const { code, said } = await upload(folder, azurite.address(name, { port: await line.listen() }));
        line.close();
        assert.equal(code, 0, JSON.stringify(said));
        assert.equal(line.resets, breaks.length);
        const blob = client.getBlockBlobClient(`${basename(folder)}/model.bin`);
        assert.equal(await hashOf((await blob.download()).readableStreamBody), hash);
        // A block has 8 MiB; a whole second upload would have doubled it.
        assert.ok(line.sent < size + (breaks.length + 1) * 8 * megabyte, `${line.sent} bytes sent`);
    });

    test('what an interrupted upload has left is no obstacle', async () => {
        const files = { 'train.py': 'print("hi")\n', 'model.bin': Buffer.alloc(9 * megabyte, 7) };
        const { name, client } = await newContainer();
        const folder = folderOf(files);
        const block = client.getBlockBlobClient(`${basename(folder)}/model.bin`);
        await block.stageBlock(Buffer.from('block-00000000').toString('base64'), 'left over', 9);
        await client.getBlockBlobClient(`${basename(folder)}/train.py`).uploadData(Buffer.from(files['train.py']));
        const { code, said } = await upload(folder, azurite.address(name));
        assert.equal(code, 0, JSON.stringify(said));
        assert.equal(sha256(await block.downloadToBuffer()), sha256(files['model.bin']));
    });

    /**
     * @param {(address: string) => string} spoil
     * @param {{ kind: string, message: RegExp, azureCode: RegExp }} expected
     * @param {Parameters<Azurite['address']>[1]} [options]
     */
    const refused = async (spoil, expected, options = {}) => {
        const { name, client } = await newContainer();
        const folder = folderOf({ 'train.py': 'print("hi")\n' });
        const { code, said } = await upload(folder, spoil(azurite.address(name, options)));
        assert.equal(code, 1);
        assert.equal(said.kind, expected.kind, said.message);
        assert.match(said.message, expected.message);
        assert.match(said.azureCode, expected.azureCode);
        for await (const { name: blob } of client.listBlobsFlat()) assert.fail(`${blob} is there`);
    };

    test('a SAS with a wrong signature is refused', () =>
        refused((address) => address.replace(/sig=[^&]+/, `sig=${encodeURIComponent(Buffer.alloc(32, 1).toString('base64'))}`), {
            kind: 'Forbidden',
            message: /upload a file/,
            azureCode: /^AuthorizationFailure|^AuthenticationFailed/,
        }));

    test('a SAS that has expired is refused', () =>
        refused(
            (address) => address,
            { kind: 'Forbidden', message: /upload a file/, azureCode: /^AuthorizationFailure|^AuthenticationFailed/ },
            { expiresOn: new Date(Date.now() - 60_000) },
        ));

    test('a SAS that only reads is refused', () =>
        refused(
            (address) => address,
            { kind: 'Forbidden', message: /upload a file/, azureCode: /^AuthorizationPermissionMismatch/ },
            { permissions: 'rl' },
        ));

    test('a container that is gone is named as the cause', async () => {
        const folder = folderOf({ 'train.py': 'print("hi")\n' });
        const { code, said } = await upload(folder, azurite.address('never-made'));
        assert.equal(code, 1);
        assert.equal(said.kind, 'NotFound', said.message);
        assert.equal(said.azureCode, 'ContainerNotFound');
    });
});

/** @param {string | Buffer} content */
function sha256(content) {
    return createHash('sha256').update(content).digest('hex');
}

/** @param {NodeJS.ReadableStream | undefined} stream */
async function hashOf(stream) {
    const hash = createHash('sha256');
    for await (const chunk of stream ?? []) hash.update(chunk);
    return hash.digest('hex');
}

/**
 * A large file of which no two pieces are equal.
 * @param {string} path
 * @param {number} size
 */
function writePattern(path, size) {
    const hash = createHash('sha256');
    const file = openSync(path, 'w');
    for (let offset = 0; offset < size; offset += megabyte) {
        const piece = Buffer.alloc(Math.min(megabyte, size - offset), `${offset} of ${path} `);
        writeSync(file, piece);
        hash.update(piece);
    }
    closeSync(file);
    return hash.digest('hex');
}
