// @ts-check
// What later stable api-versions added to the types of 2024-04-01. No description with operations
// is at hand for them, but the generated types of 2026-05-01 are (they equal those of 2025-12-01).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = 'newest/bicep-types-2026-05-01.json';
const readOnlyFlag = 2;

/** Properties and words that a type has gained. @typedef {Record<string, any>} Additions */

export class NewestTypes {
    /** @type {Map<string, any[]>} */
    #byName = new Map();
    /** @type {any[]} */
    #types;

    /** @param {string} folder */
    constructor(folder) {
        this.#types = JSON.parse(readFileSync(join(folder, file), 'utf8'));
        for (const type of this.#types) {
            if (type.$type !== 'ObjectType' && type.$type !== 'DiscriminatedObjectType') continue;
            const same = this.#byName.get(type.name) ?? [];
            this.#byName.set(type.name, [...same, type]);
        }
    }

    /**
     * The properties of a type today, as Swagger schemas; empty when there is no such type.
     * Generated names end in `Properties` where the description's do not.
     * @param {string} name
     * @returns {Additions}
     */
    properties(name) {
        const types = [...(this.#byName.get(name) ?? []), ...(this.#byName.get(`${name}Properties`) ?? [])];
        /** @type {Additions} */
        const result = {};
        for (const type of types) {
            for (const [property, { type: ref, flags = 0 }] of Object.entries(ownProperties(type))) {
                result[property] = { ...this.#schema(ref), ...(flags & readOnlyFlag ? { readOnly: true } : {}) };
            }
        }
        return result;
    }

    /** @param {{ $ref: string }} ref @param {number} [depth] @returns {any} */
    #schema({ $ref }, depth = 0) {
        const type = this.#types[Number($ref.slice(2))];
        switch (type.$type) {
            case 'StringType':
                return { type: 'string' };
            case 'IntegerType':
                // Floating-point members are shown as integers too.
                return { type: 'number' };
            case 'BooleanType':
                return { type: 'boolean' };
            case 'StringLiteralType':
                return { type: 'string', enum: [type.value] };
            case 'ArrayType':
                return { type: 'array', items: this.#schema(type.itemType, depth + 1) };
            case 'UnionType':
                return this.#union(type.elements.map((/** @type {any} */ element) => this.#schema(element, depth + 1)));
            case 'ObjectType':
                return this.#object(type, depth);
            default:
                return {};
        }
    }

    /** @param {any[]} members */
    #union(members) {
        const words = members.flatMap((member) => member.enum ?? []);
        return words.length === members.length ? { type: 'string', enum: words } : { type: 'string' };
    }

    /** @param {any} type @param {number} depth */
    #object(type, depth) {
        // Types may contain themselves; deeper than this nothing of ours goes.
        if (depth > 6) return {};
        /** @type {Record<string, any>} */
        const properties = {};
        for (const [name, { type: ref }] of Object.entries(ownProperties(type))) {
            properties[name] = this.#schema(ref, depth + 1);
        }
        const rest = type.additionalProperties;
        return {
            type: 'object',
            properties,
            additionalProperties: rest === undefined ? false : this.#schema(rest, depth + 1),
        };
    }
}

/** @param {any} type @returns {Record<string, { type: { $ref: string }, flags?: number }>} */
function ownProperties(type) {
    return type.properties ?? type.baseProperties ?? {};
}
