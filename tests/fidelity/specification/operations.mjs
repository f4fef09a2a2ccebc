// @ts-check
// The operations of all descriptions, found by method and path.

/** @typedef {import('./documents.mjs').Document} Document */
/** @typedef {import('./documents.mjs').Documents} Documents */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {'path' | 'query' | 'header' | 'body' | 'formData'} in
 * @property {boolean} [required]
 * @property {any} schema
 * @property {Document} document where the schema stands
 */

/**
 * @typedef {object} Operation
 * @property {string} id `Jobs_CreateOrUpdate`
 * @property {string} method
 * @property {string} path with `{parameters}`
 * @property {Document} document
 * @property {readonly Parameter[]} parameters
 * @property {any} body schema of the request's body
 * @property {Document | undefined} bodyDocument where it stands
 * @property {boolean} bodyRequired
 * @property {Record<string, any>} responses by status, or `default`
 * @property {boolean} isLongRunning
 */

/** @typedef {{ operation: Operation, values: Record<string, string> }} Match */

const methods = ['get', 'put', 'post', 'patch', 'delete', 'head'];

export class Operations {
    /** @type {{ operation: Operation, pattern: RegExp, names: readonly string[] }[]} */
    #routes = [];

    /** @param {Documents} documents */
    constructor(documents) {
        for (const document of documents.list) {
            for (const [path, item] of Object.entries(document.json.paths)) {
                for (const method of methods) {
                    if (item[method] === undefined) continue;
                    this.#routes.push(route(readOperation(documents, document, path, item, method)));
                }
            }
        }
        // Those on "any resource" would take every address for theirs; nothing of ours is one.
        this.#routes = this.#routes.filter(({ operation }) => !operation.parameters.some(isAnyResource));
        // Literal segments before parameters: `versions` is no name of a version.
        this.#routes.sort((one, other) => literalCount(other.operation.path) - literalCount(one.operation.path));
    }

    get all() {
        return this.#routes.map(({ operation }) => operation);
    }

    /**
     * @param {string} method
     * @param {string} path without query
     * @returns {Match | undefined}
     */
    find(method, path) {
        for (const { operation, pattern, names } of this.#routes) {
            if (operation.method !== method) continue;
            const found = path.match(pattern);
            if (found === null) continue;
            const values = names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]);
            return { operation, values: Object.fromEntries(values) };
        }
        return undefined;
    }
}

/** @param {Parameter} parameter */
function isAnyResource({ in: where, schema }) {
    return where === 'path' && schema['x-ms-skip-url-encoding'] === true;
}

/** @param {Operation} operation */
function route(operation) {
    /** @type {string[]} */
    const names = [];
    const source = operation.path.replace(/\/$/, '').replaceAll(/\{(\w+)\}|[.*+?^$()|[\]\\]/g, (text, name) => {
        if (name === undefined) return `\\${text}`;
        names.push(name);
        return '([^/]+)';
    });
    // ARM compares paths without regard to case, and so does the data plane.
    return { operation, names, pattern: new RegExp(`^${source}/?$`, 'i') };
}

/** @param {string} path */
function literalCount(path) {
    return path.split('/').filter((part) => part !== '' && !part.startsWith('{')).length;
}

/**
 * @param {Documents} documents
 * @param {Document} document
 * @param {string} path
 * @param {any} item
 * @param {string} method
 * @returns {Operation}
 */
function readOperation(documents, document, path, item, method) {
    const raw = item[method];
    const parameters = [...(item.parameters ?? []), ...(raw.parameters ?? [])].map((parameter) => {
        const place = parameter.$ref === undefined ? { document, node: parameter } : documents.resolve(parameter.$ref, document);
        return { ...place.node, schema: place.node.schema ?? place.node, document: place.document };
    });
    const body = parameters.find((parameter) => parameter.in === 'body');
    const content = raw.requestBody?.content;
    return {
        id: raw.operationId,
        method: method.toUpperCase(),
        path,
        document,
        parameters: parameters.filter((parameter) => parameter.in !== 'body'),
        body: body?.schema ?? schemaOf(content),
        bodyDocument: body?.document ?? document,
        bodyRequired: body?.required ?? raw.requestBody?.required ?? false,
        responses: Object.fromEntries(
            Object.entries(raw.responses).map(([status, response]) => [
                status,
                { headers: response.headers ?? {}, schema: response.schema ?? schemaOf(response.content) },
            ]),
        ),
        isLongRunning: raw['x-ms-long-running-operation'] === true,
    };
}

/** The schema of a JSON body; descriptions name several media types for the same one. @param {any} content */
function schemaOf(content) {
    if (content === undefined) return undefined;
    const type = Object.keys(content).find((name) => /json/.test(name)) ?? Object.keys(content)[0] ?? '';
    return content[type]?.schema;
}
