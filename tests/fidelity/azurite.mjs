// @ts-check
// Azurite, Microsoft's own storage emulator, on a free port and an empty folder of its own.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
    BlobServiceClient,
    ContainerSASPermissions,
    generateBlobSASQueryParameters,
    SASProtocol,
    StorageSharedKeyCredential,
} from '@azure/storage-blob';

import { Program, root } from '../support/processes.mjs';

// The account that every storage emulator has; its key is public.
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const credential = new StorageSharedKeyCredential(account, key);
const program = join(root, 'tests/fidelity/node_modules/azurite/dist/src/blob/main.js');
const hour = 3_600_000;

export class Azurite {
    /** @type {Program} */
    #program;

    static async start() {
        const azurite = new Azurite();
        const [, port] = await azurite.#program.output(/successfully listens on http:\/\/127\.0\.0\.1:(\d+)/);
        azurite.port = Number(port);
        return azurite;
    }

    constructor() {
        this.folder = mkdtempSync(join(tmpdir(), 'azurite-'));
        this.port = 0;
        // Its client asks for a version of the service that is newer than the emulator.
        const options = ['--location', this.folder, '--blobPort', '0', '--disableTelemetry', '--skipApiVersionCheck'];
        this.#program = new Program(process.execPath, [program, ...options]);
    }

    /** @param {string} name */
    async container(name) {
        const service = new BlobServiceClient(`http://127.0.0.1:${this.port}/${account}`, credential);
        const container = service.getContainerClient(name);
        await container.createIfNotExists();
        return container;
    }

    /**
     * The address of a container with a SAS such as Azure hands out for an upload.
     * @param {string} name
     * @param {{ permissions?: string, expiresOn?: Date, port?: number }} [options]
     */
    address(name, { permissions = 'rcwl', expiresOn = new Date(Date.now() + 8 * hour), port = this.port } = {}) {
        const sas = generateBlobSASQueryParameters(
            {
                containerName: name,
                permissions: ContainerSASPermissions.parse(permissions),
                startsOn: new Date(Date.now() - 24 * hour),
                expiresOn,
                protocol: SASProtocol.HttpsAndHttp,
            },
            credential,
        );
        return `http://127.0.0.1:${port}/${account}/${name}?${sas}`;
    }

    async stop() {
        await this.#program.kill('SIGTERM');
        rmSync(this.folder, { recursive: true, force: true });
    }
}
