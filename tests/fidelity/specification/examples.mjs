// @ts-check
// The examples that Azure publishes beside its descriptions, as exchanges.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('../../support/emulator.mjs').Exchange} Exchange */
/** @typedef {import('./operations.mjs').Operation} Operation */

const json = { 'Content-Type': 'application/json' };

/**
 * @param {string} folder the one that AZURE_REST_SPECS names
 * @param {readonly Operation[]} operations
 * @returns {{ name: string, operation: Operation, exchange: Exchange }[]} one for each response
 */
export function officialExamples(folder, operations) {
    return operations.flatMap((operation) => {
        const raw = operation.document.json.paths[operation.path][operation.method.toLowerCase()];
        const references = Object.values(raw['x-ms-examples'] ?? {}).map(({ $ref }) => $ref);
        return references
            .map((name) => ({ name, file: join(folder, operation.document.name, '..', name) }))
            .filter(({ file }) => existsSync(file))
            .flatMap(({ name, file }) => exchanges(operation, name, JSON.parse(readFileSync(file, 'utf8'))));
    });
}

/** @param {Operation} operation @param {string} name @param {any} example */
function exchanges(operation, name, { parameters, responses }) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, key) => encodeURIComponent(parameters[key]));
    const query = new URLSearchParams();
    for (const { name: key, in: where } of operation.parameters) {
        if (where === 'query' && parameters[key] !== undefined) query.set(key, parameters[key]);
    }
    return Object.entries(responses).map(([status, response]) => ({
        name: `${name} ${status}`,
        operation,
        exchange: {
            time: '',
            method: operation.method,
            url: `https://management.azure.com${path}?${query}`,
            requestHeaders: json,
            requestBody: parameters.body ?? parameters.parameters ?? null,
            status: Number(status),
            responseHeaders: { ...json, Location: 'https://management.azure.com/', ...response.headers },
            responseBody: response.body ?? null,
        },
    }));
}
