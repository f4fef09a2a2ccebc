// @ts-check
// From the schemas of OpenAPI (2.0 as Azure writes it, 3.0) to JSON Schema 2020-12, which Ajv
// understands: inheritance flattened, discriminators dispatched, nothing unknown admitted, and what
// may be sent told apart from what may be answered.

import { definitions } from './documents.mjs';

/** @typedef {import('./documents.mjs').Document} Document */
/** @typedef {import('./documents.mjs').Documents} Documents */
/** @typedef {import('./newest_types.mjs').NewestTypes} NewestTypes */

/**
 * What a body is for. Some properties may only be sent on creation, some only be read, and secrets
 * are answered to actions (`listKeys`) only.
 * @typedef {'create' | 'update' | 'read' | 'action'} Purpose
 */

/** Keywords that mean the same in both languages. */
const kept = ['minLength', 'maxLength', 'pattern', 'format', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems'];

export class JsonSchemas {
    /** The schemas made so far, by id. @type {Map<string, any>} */
    made = new Map();
    /** @type {Map<any, { document: Document, name: string }[]>} */
    #subtypes = new Map();

    /**
     * @param {Documents} documents
     * @param {NewestTypes | undefined} newest adds what later versions have
     */
    constructor(documents, newest) {
        this.documents = documents;
        this.newest = newest;
        for (const document of documents.all) {
            for (const [name, schema] of Object.entries(definitions(document))) {
                for (const parent of schema.allOf ?? []) {
                    if (parent.$ref === undefined) continue;
                    const { node } = documents.resolve(parent.$ref, document);
                    this.#subtypes.set(node, [...(this.#subtypes.get(node) ?? []), { document, name }]);
                }
            }
        }
    }

    /**
     * @param {any} schema
     * @param {Document} document where it stands
     * @param {Purpose} purpose
     * @returns {any} a JSON Schema whose references are in `made`
     */
    of(schema, document, purpose) {
        const plain = this.#withoutNull(schema, document, purpose);
        return isNullable(schema) ? { if: { type: 'null' }, else: plain } : plain;
    }

    /** @param {any} schema @param {Document} document @param {Purpose} purpose */
    #withoutNull(schema, document, purpose) {
        if (schema.$ref !== undefined) return this.#reference(schema.$ref, document, purpose);
        if (schema.allOf?.length === 1 && schema.allOf[0].$ref !== undefined && schema.properties === undefined) {
            // OpenAPI 3.0 wraps a reference to give it a description.
            return this.#reference(schema.allOf[0].$ref, document, purpose);
        }
        return this.#inline(schema, document, purpose);
    }

    /** @param {string} ref @param {Document} document @param {Purpose} purpose */
    #reference(ref, document, purpose) {
        const { document: home, pointer, node } = this.documents.resolve(ref, document);
        const id = `spec:/${home.name}${pointer}/${purpose}`;
        if (!this.made.has(id)) {
            this.made.set(id, undefined);
            const made = this.#definition(node, home, pointer.split('/').at(-1) ?? '', purpose);
            this.made.set(id, isNullable(node) ? { if: { type: 'null' }, else: made } : made);
        }
        return { $ref: id };
    }

    /** @param {any} schema @param {Document} document @param {string} name @param {Purpose} purpose */
    #definition(schema, document, name, purpose) {
        const discriminator = discriminatorOf(schema);
        if (discriminator === undefined) return this.#inline(schema, document, purpose, name);
        const choices = this.#leaves(schema, document, name).map((leaf) =>
            this.#choice(leaf, discriminator, purpose),
        );
        return { type: 'object', required: [discriminator], discriminator: { propertyName: discriminator }, oneOf: choices };
    }

    /** @param {{ schema: any, document: Document, name: string, word: string }} leaf @param {string} discriminator @param {Purpose} purpose */
    #choice({ schema, document, name, word }, discriminator, purpose) {
        const choice = this.#inline(schema, document, purpose, name);
        return { ...choice, properties: { ...choice.properties, [discriminator]: { const: word } } };
    }

    /**
     * Every type that a value of a discriminated type may be.
     * @param {any} schema
     * @param {Document} document
     * @param {string} name
     * @returns {{ schema: any, document: Document, name: string, word: string }[]}
     */
    #leaves(schema, document, name) {
        const below = (this.#subtypes.get(schema) ?? []).flatMap((subtype) =>
            this.#leaves(definitions(subtype.document)[subtype.name], subtype.document, subtype.name),
        );
        const word = schema['x-ms-discriminator-value'];
        if (word === undefined && below.length > 0) return below;
        return [{ schema, document, name, word: word ?? name }, ...below];
    }

    /** @param {any} schema @param {Document} document @param {Purpose} purpose @param {string} [name] */
    #inline(schema, document, purpose, name = undefined) {
        if (schema.type === 'array') {
            return { ...keptKeywords(schema), type: 'array', items: this.of(schema.items ?? {}, document, purpose) };
        }
        const isObject = schema.type === 'object' || schema.properties !== undefined || schema.allOf !== undefined;
        if (isObject) return this.#object(schema, document, purpose, name);
        return { ...keptKeywords(schema), ...(schema.type === undefined ? {} : { type: schema.type }) };
    }

    /** @param {any} schema @param {Document} document @param {Purpose} purpose @param {string} [name] */
    #object(schema, document, purpose, name) {
        const flat = this.#flattened(schema, document, purpose, name);
        // Azure writes a free-form object as one without any property.
        const isFree = Object.keys(flat.properties).length === 0 && flat.rest === undefined;
        if (purpose === 'read' || purpose === 'action') markUnset(flat.properties, flat.required);
        return {
            type: 'object',
            properties: flat.properties,
            required: [...new Set(flat.required)].filter((required) => !unsendable(flat.properties[required])),
            additionalProperties: isFree || flat.rest === true ? true : (flat.rest ?? false),
        };
    }

    /**
     * Own and inherited properties together.
     * @param {any} schema
     * @param {Document} document
     * @param {Purpose} purpose
     * @param {string} [name]
     * @returns {{ properties: Record<string, any>, required: string[], rest: any }}
     */
    #flattened(schema, document, purpose, name) {
        const result = { properties: /** @type {Record<string, any>} */ ({}), required: [...(schema.required ?? [])], rest: undefined };
        for (const parent of schema.allOf ?? []) {
            const place = parent.$ref === undefined ? { document, node: parent, pointer: '' } : this.documents.resolve(parent.$ref, document);
            const inherited = this.#flattened(place.node, place.document, purpose, place.pointer.split('/').at(-1));
            Object.assign(result.properties, inherited.properties);
            result.required.push(...inherited.required);
            result.rest ??= inherited.rest;
        }
        for (const [property, value] of Object.entries(schema.properties ?? {})) {
            result.properties[property] = this.#property(/** @type {any} */ (value), document, purpose);
        }
        const rest = schema.additionalProperties;
        if (rest === true || (typeof rest === 'object' && Object.keys(rest).length === 0)) result.rest = /** @type {any} */ (true);
        else if (typeof rest === 'object') result.rest = this.of(rest, document, purpose);
        if (name !== undefined && document.extended) this.#extend(result.properties, name, document, purpose);
        return result;
    }

    /** @param {any} value @param {Document} document @param {Purpose} purpose */
    #property(value, document, purpose) {
        const forbidden = this.#forbidden(value, document, purpose);
        return forbidden === undefined ? this.of(value, document, purpose) : { forbidden };
    }

    /**
     * Why a property may not be there, if so.
     * @param {any} value
     * @param {Document} document
     * @param {Purpose} purpose
     */
    #forbidden(value, document, purpose) {
        const mutability = value['x-ms-mutability'];
        if (purpose === 'create' || purpose === 'update') {
            const target = value.$ref === undefined ? value : this.documents.resolve(value.$ref, document).node;
            if (value.readOnly || target.readOnly) return 'is read-only and must not be sent';
            if (mutability !== undefined && !mutability.includes('create') && !mutability.includes('update')) {
                return 'can only be read and must not be sent';
            }
            if (purpose === 'update' && mutability !== undefined && !mutability.includes('update')) {
                return 'cannot be changed and must not be sent';
            }
            return undefined;
        }
        if (mutability !== undefined && !mutability.includes('read')) return 'is never answered';
        return purpose === 'read' && value['x-ms-secret'] ? 'is a secret and is not answered here' : undefined;
    }

    /** @param {Record<string, any>} properties @param {string} name @param {Document} document @param {Purpose} purpose */
    #extend(properties, name, document, purpose) {
        for (const [property, value] of Object.entries(this.newest?.properties(name) ?? {})) {
            const known = properties[property];
            if (known === undefined) {
                properties[property] = { if: { type: 'null' }, else: this.#property(value, document, purpose) };
            } else {
                addWords(known, value, this.made);
            }
        }
    }
}

/**
 * Services answer a property without a value as null, described as nullable or not: told apart from
 * other mistakes by a keyword of its own.
 * @param {Record<string, any>} properties
 * @param {readonly string[]} required
 */
function markUnset(properties, required) {
    for (const [name, schema] of Object.entries(properties)) {
        const takesNull = schema.if !== undefined || Object.keys(schema).length === 0;
        if (required.includes(name) || takesNull) continue;
        properties[name] = { if: { type: 'null' }, then: { unset: true }, else: schema };
    }
}

/** Lets an enumeration take the words it has gained. @param {any} known @param {any} newer @param {Map<string, any>} made */
function addWords(known, newer, made) {
    if (newer.enum === undefined) return;
    const plain = known.else ?? known;
    const target = plain.$ref === undefined ? plain : made.get(plain.$ref);
    if (target?.enum !== undefined) target.enum = [...new Set([...target.enum, ...newer.enum])];
}

/** @param {any} property */
function unsendable(property) {
    return property?.forbidden !== undefined || property?.else?.forbidden !== undefined;
}

/** @param {any} schema */
function isNullable(schema) {
    return schema['x-nullable'] === true || schema.nullable === true;
}

/** @param {any} schema @returns {string | undefined} */
function discriminatorOf(schema) {
    return typeof schema.discriminator === 'object' ? schema.discriminator.propertyName : schema.discriminator;
}

/** @param {any} schema */
function keptKeywords(schema) {
    /** @type {Record<string, any>} */
    const result = {};
    for (const keyword of kept) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
    if (schema.enum !== undefined) result.enum = [...schema.enum];
    bound(result, 'minimum', 'exclusiveMinimum', schema);
    bound(result, 'maximum', 'exclusiveMaximum', schema);
    return result;
}

/** In OpenAPI a bound is exclusive by a flag. @param {Record<string, any>} result @param {string} bound @param {string} exclusive @param {any} schema */
function bound(result, bound, exclusive, schema) {
    if (schema[bound] !== undefined) result[schema[exclusive] === true ? exclusive : bound] = schema[bound];
}
