// @ts-check
// Holds one recorded exchange, request and response, against the operation it belongs to.

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { Documents } from './documents.mjs';
import { JsonSchemas } from './json_schemas.mjs';
import { NewestTypes } from './newest_types.mjs';
import { Operations } from './operations.mjs';
import { moved } from './outside.mjs';

/** @typedef {import('../../support/emulator.mjs').Exchange} Exchange */
/** @typedef {import('./json_schemas.mjs').Purpose} Purpose */
/** @typedef {import('./operations.mjs').Operation} Operation */

/**
 * One thing that is not as described.
 * @typedef {object} Finding
 * @property {string} operation its id
 * @property {'request' | 'response'} side
 * @property {string} place `query $top`, `status`, `body /properties/tags`
 * @property {string} problem
 * @property {unknown} [value]
 */

/** An exchange with its operation; without one no description knows it. @typedef {{ operation?: Operation, findings: Finding[] }} Verdict */

export const unknownVersion = 'is none of the versions checked';
/** See `unset` in json_schemas.mjs. */
export const unsetIsNull = 'is null, and not described as nullable';

export class ExchangeCheck {
    /** @param {string} folder the one that AZURE_REST_SPECS names */
    constructor(folder) {
        const documents = new Documents(folder);
        this.operations = new Operations(documents);
        this.#described = new Validators(new JsonSchemas(documents, undefined));
        this.#newest = new Validators(new JsonSchemas(documents, new NewestTypes(folder)));
    }

    /** @type {Validators} */
    #described;
    /** @type {Validators} */
    #newest;

    /**
     * @param {Exchange} exchange
     * @returns {Verdict}
     */
    check(exchange) {
        const url = described(exchange.url);
        const match = this.operations.find(exchange.method, url.pathname);
        if (match === undefined) return { findings: [] };
        const { operation, values } = match;
        /** @type {Finding[]} */
        const findings = [];
        /** @param {'request' | 'response'} side @returns {Report} */
        const reporter = (side) => (place, problem, value) =>
            findings.push({ operation: operation.id, side, place, problem, value });
        const { versions } = operation.document;
        const isNewer = versions.length > 0 && !versions.includes(url.searchParams.get('api-version') ?? '');
        const validators = isNewer && operation.document.extended ? this.#newest : this.#described;
        checkParameters(operation, values, url, validators, reporter('request'));
        checkRequest(operation, exchange, validators, reporter('request'));
        // A connection that was cut had no response.
        if (exchange.status !== 0) checkResponse(operation, exchange, validators, reporter('response'));
        return { operation, findings };
    }
}

/** @typedef {(place: string, problem: string, value?: unknown) => void} Report */

/** The address that the description has for an address. @param {string} text */
function described(text) {
    const url = new URL(text);
    const version = url.searchParams.get('api-version') ?? undefined;
    const home = moved.find((one) => url.pathname.startsWith(one.prefix) && version === one.version);
    if (home === undefined) return url;
    url.pathname = home.described + url.pathname.slice(home.prefix.length);
    if (home.version !== undefined) url.searchParams.set('api-version', newestVersion);
    return url;
}

/**
 * @param {Operation} operation
 * @param {Record<string, string>} values
 * @param {URL} url
 * @param {Validators} validators
 * @param {Report} report
 */
function checkParameters(operation, values, url, validators, report) {
    const known = new Set(operation.document.versions.length > 0 ? ['api-version'] : []);
    for (const parameter of operation.parameters) {
        const { name, in: where } = parameter;
        if (where === 'path') check(parameter, values[name]);
        if (where !== 'query') continue;
        known.add(name.toLowerCase());
        const found = [...url.searchParams].find(([key]) => key.toLowerCase() === name.toLowerCase());
        if (found !== undefined) check(parameter, found[1]);
        else if (parameter.required) report(`query ${name}`, 'is required');
    }
    for (const name of url.searchParams.keys()) {
        if (!known.has(name.toLowerCase())) report(`query ${name}`, 'is not described');
    }
    const version = url.searchParams.get('api-version') ?? '';
    const { versions, extended } = operation.document;
    const isNewest = extended && version === newestVersion;
    if (versions.length > 0 && !versions.includes(version) && !isNewest) {
        report('query api-version', unknownVersion, version);
    }

    /** @param {import('./operations.mjs').Parameter} parameter @param {string | undefined} text */
    function check(parameter, text) {
        const problems = validators.parameter(parameter, text);
        for (const { problem } of problems) report(`${parameter.in} ${parameter.name}`, problem, text);
    }
}

/** The one that the server asks for; its types are those of `newest_types.mjs`. */
const newestVersion = '2025-12-01';

/** @param {Operation} operation @param {Exchange} exchange @param {Validators} validators @param {Report} report */
function checkRequest(operation, exchange, validators, report) {
    const { method, requestBody, requestHeaders = {} } = exchange;
    if (requestBody === null || requestBody === undefined) {
        if (operation.bodyRequired) report('body', 'is required');
        return;
    }
    if (operation.body === undefined) return report('body', 'is not described', requestBody);
    const type = header(requestHeaders, 'Content-Type');
    if (operation.body.format === 'binary') {
        // Bytes; what they are is nobody's concern.
        if (type !== 'application/octet-stream') report('header Content-Type', 'is not that of bytes', type);
        return;
    }
    if (!/^application\/([\w.-]+\+)?json\b/.test(type)) report('header Content-Type', 'is not JSON', type);
    const purpose = method === 'PATCH' ? 'update' : 'create';
    const problems = validators.body(operation.body, operation.bodyDocument ?? operation.document, purpose, requestBody);
    for (const { place, problem, value } of problems) report(`body ${place}`, problem, value);
}

/** @param {Operation} operation @param {Exchange} exchange @param {Validators} validators @param {Report} report */
function checkResponse(operation, exchange, validators, report) {
    const { method, status, responseBody, responseHeaders = {} } = exchange;
    const described = operation.responses[status] ?? (status >= 400 ? operation.responses['default'] : undefined);
    if (described === undefined) return report('status', 'is not described', status);
    if (operation.isLongRunning && status === 202) {
        const follow = header(responseHeaders, 'Azure-AsyncOperation') + header(responseHeaders, 'Location');
        if (follow === '') report('header Location', 'is needed to follow a long-running operation');
    }
    if (responseBody === null || responseBody === undefined) {
        const isEmptyAllowed = described.schema === undefined || status === 202 || status === 204;
        if (!isEmptyAllowed) report('body', 'is missing');
        return;
    }
    if (described.schema === undefined) {
        const isNothing = typeof responseBody === 'object' && Object.keys(responseBody).length === 0;
        return isNothing ? undefined : report('body', 'is not described', responseBody);
    }
    if (described.schema.type === 'file') return;
    const type = header(responseHeaders, 'Content-Type');
    if (!/^application\/([\w.-]+\+)?json\b/.test(type)) return report('header Content-Type', 'is not JSON', type);
    const purpose = method === 'POST' ? 'action' : 'read';
    for (const { place, problem, value } of validators.body(described.schema, operation.document, purpose, responseBody)) {
        report(`body ${place}`, problem, value);
    }
}

/** @param {Record<string, string>} headers @param {string} wanted */
function header(headers, wanted) {
    const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted.toLowerCase());
    return found?.[1] ?? '';
}

/** @typedef {{ place: string, problem: string, value: unknown }} Problem */

/** Compiled schemas. */
class Validators {
    /** @type {Map<any, import('ajv').ValidateFunction>} */
    #compiled = new Map();
    /** @type {Set<string>} */
    #added = new Set();
    #ajv = newAjv(false);
    /** Parameters are texts; numbers and flags are read from them. */
    #parameterAjv = newAjv(true);

    /** @param {JsonSchemas} schemas */
    constructor(schemas) {
        this.schemas = schemas;
    }

    /**
     * @param {any} schema
     * @param {import('./documents.mjs').Document} document
     * @param {Purpose} purpose
     * @param {unknown} body
     * @returns {Problem[]}
     */
    body(schema, document, purpose, body) {
        const key = `${purpose} ${document.name} ${JSON.stringify(schema)}`;
        let validate = this.#compiled.get(key);
        if (validate === undefined) {
            const converted = this.schemas.of(schema, document, purpose);
            for (const [id, made] of this.schemas.made) {
                if (this.#added.has(id)) continue;
                this.#ajv.addSchema(made, id);
                this.#added.add(id);
            }
            validate = this.#ajv.compile(converted);
            this.#compiled.set(key, validate);
        }
        return problems(validate, body);
    }

    /**
     * @param {import('./operations.mjs').Parameter} parameter
     * @param {string | undefined} text
     * @returns {Problem[]}
     */
    parameter(parameter, text) {
        let validate = this.#compiled.get(parameter);
        if (validate === undefined) {
            const schema = this.schemas.of(parameter.schema, parameter.document, 'create');
            const inner = schema.$ref === undefined ? schema : this.schemas.made.get(schema.$ref);
            validate = this.#parameterAjv.compile({ type: 'object', properties: { value: inner } });
            this.#compiled.set(parameter, validate);
        }
        return problems(validate, { value: text });
    }
}

/** @param {boolean} coerceTypes */
function newAjv(coerceTypes) {
    const ajv = new Ajv2020({
        allErrors: true,
        discriminator: true,
        strict: false,
        coerceTypes: coerceTypes && 'array',
        verbose: true,
        // Azure's patterns escape what need not be escaped.
        unicodeRegExp: false,
    });
    addFormats(ajv);
    ajv.addFormat('arm-id', /^\/(subscriptions|providers)\//i);
    ajv.addFormat('url', /^https?:\/\//);
    // .NET's TimeSpan: [d.]hh:mm:ss[.fffffff]
    ajv.addFormat('date-span', /^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$/);
    ajv.addFormat('decimal', true);
    ajv.addFormat('char', true);
    // Keywords of json_schemas.mjs: whatever has them is a finding.
    ajv.addKeyword({ keyword: 'forbidden', validate: () => false, errors: false });
    ajv.addKeyword({ keyword: 'unset', validate: () => false, errors: false });
    return ajv;
}

/**
 * @param {import('ajv').ValidateFunction} validate
 * @param {unknown} data
 * @returns {Problem[]}
 */
function problems(validate, data) {
    if (validate(data)) return [];
    return (validate.errors ?? [])
        .filter(({ keyword }) => keyword !== 'if')
        .map(({ keyword, instancePath, message = '', params, schema, data: value }) => {
            switch (keyword) {
                case 'additionalProperties':
                    return { place: `${instancePath}/${params['additionalProperty']}`, problem: 'is not described', value };
                case 'unset':
                    return { place: instancePath, problem: unsetIsNull, value };
                case 'forbidden':
                    return { place: instancePath, problem: String(schema), value };
                case 'enum':
                    return { place: instancePath, problem: `must be one of ${params['allowedValues'].join(', ')}`, value };
                default:
                    return { place: instancePath, problem: message, value };
            }
        });
}
