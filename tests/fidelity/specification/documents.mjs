// @ts-check
// The published descriptions as they lie in the folder that AZURE_REST_SPECS names, and their
// references to each other.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One OpenAPI description.
 * @typedef {object} Document
 * @property {string} name
 * @property {any} json
 * @property {readonly string[]} versions the api-versions it is checked for; none: the path has it
 * @property {boolean} extended whether newer api-versions are checked with `newest_types.mjs`
 */

/**
 * Where to find a description. A version beside the description's own is one that Azure offers with
 * the same shapes.
 * @type {readonly { file: string, versions?: readonly string[], extended?: boolean }[]}
 */
const described = [
    { file: 'arm-2024-04-01/mfe.json', versions: ['2024-04-01'], extended: true },
    { file: 'arm-2024-04-01/machineLearningServices.json', versions: ['2024-04-01'], extended: true },
    { file: 'arm-2024-04-01/registries.json', versions: ['2024-04-01'], extended: true },
    { file: 'arm-2024-04-01/workspaceFeatures.json', versions: ['2024-04-01'], extended: true },
    { file: 'arm-common/subscriptions-2022-12-01.json', versions: ['2022-12-01'] },
    // versions.md: of resource groups, 2021-04-01 is the version every cloud has.
    { file: 'arm-common/resources-2024-07-01.json', versions: ['2024-07-01', '2021-04-01'] },
    { file: 'dataplane/run-history-v1.0.json' },
    { file: 'dataplane/registry-discovery.json' },
    { file: 'dataplane/dataset-dataplane.json' },
    { file: 'dataplane/model-dataplane.json' },
    { file: 'dataplane-2019-09-30/artifact.json' },
    { file: 'dataplane-2019-09-30/datastore.json' },
];

/** Types that several descriptions share; of each kind there is one version here. */
const shared = [
    { named: /(v\d+|^\.)\/types\.json$/, file: 'arm-common/common-types-v3.json' },
    {
        named: /common-types\/resource-management\/v\d+\/managedidentity\.json$/,
        file: 'arm-common/common-types-v3-managedidentity.json',
    },
    {
        named: /common-types\/resource-management\/v\d+\/privatelinks\.json$/,
        file: 'arm-common/common-types-v3-privatelinks.json',
    },
];

/** What is inside of `error` was called so in version 1; later versions mean what is around it. */
const errorOfVersion1 = /** @type {const} */ ([/(v1\/types\.json#\/definitions\/)ErrorResponse$/, '$1ErrorDetail']);

/**
 * The status of a long-running operation is read at an address that the service gives, so that no
 * description lists it; its shape is one of the shared types (wire.md 3.5, dialect A).
 */
const asyncOperations = {
    paths: {
        '/subscriptions/{subscriptionId}/providers/{provider}/locations/{location}/computeOperationsStatus/{operationId}': {
            get: {
                operationId: 'OperationStatus_Get',
                parameters: [
                    ...['subscriptionId', 'provider', 'location', 'operationId'].map((name) => ({
                        name,
                        in: 'path',
                        type: 'string',
                        required: true,
                    })),
                    { name: 'service', in: 'query', type: 'string' },
                ],
                responses: {
                    200: { schema: { $ref: '#/definitions/OperationStatusResult' } },
                    default: { schema: { $ref: '#/definitions/ErrorResponse' } },
                },
            },
        },
    },
};

/** A place in a document. @typedef {{ document: Document, node: any, pointer: string }} Place */

export class Documents {
    /** @type {Map<string, Document>} */
    #byFile = new Map();

    /** @param {string} folder */
    constructor(folder) {
        this.folder = folder;
        /** The documents that have operations. */
        this.list = described.map(({ file, versions = [], extended = false }) =>
            this.#load(file, versions, extended),
        );
        for (const { file } of shared) this.#load(file, [], false);
        const [common] = shared.flatMap(({ file }) => this.#byFile.get(file) ?? []);
        if (common === undefined) return;
        const json = { ...common.json, ...asyncOperations };
        this.list.push({ ...common, json, versions: ['2024-04-01'], extended: true });
    }

    /** @param {string} file @param {readonly string[]} versions @param {boolean} extended */
    #load(file, versions, extended) {
        const json = JSON.parse(readFileSync(join(this.folder, file), 'utf8'));
        const document = { name: file, json, versions, extended };
        this.#byFile.set(file, document);
        return document;
    }

    get all() {
        return [...this.#byFile.values()];
    }

    /**
     * What a `$ref` found in `from` points to.
     * @param {string} ref
     * @param {Document} from
     * @returns {Place}
     */
    resolve(ref, from) {
        const [file = '', pointer = ''] = ref.replace(...errorOfVersion1).split('#');
        const document = file === '' ? from : this.#referred(file, from);
        /** @type {any} */
        let node = document.json;
        for (const part of pointer.split('/').slice(1)) {
            node = node?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')];
        }
        if (node === undefined) throw new Error(`${from.name} refers to ${ref}, which is not there.`);
        return { document, node, pointer };
    }

    /** @param {string} file @param {Document} from */
    #referred(file, from) {
        const common = shared.find(({ named }) => named.test(file))?.file;
        const beside = join(from.name, '..', file);
        const document = this.#byFile.get(common ?? beside);
        if (document === undefined) throw new Error(`${from.name} refers to ${file}, which is not there.`);
        return document;
    }
}

/** The named schemas of a document. @param {Document} document @returns {Record<string, any>} */
export function definitions({ json }) {
    return json.definitions ?? json.components?.schemas ?? {};
}
