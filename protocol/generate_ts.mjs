// @ts-check
// The model as TypeScript: types, messages, shapes for `check`, and a proof that the LSP subset agrees with Microsoft's types.
import { allStructures, parseType, pascal, travelling } from './model.mjs';

/** @typedef {import('./model.mjs').Model} Model */
/** @typedef {import('./model.mjs').Structure} Structure */
/** @typedef {import('./model.mjs').Enum} Enum */
/** @typedef {import('./model.mjs').Message} Message */

/** @type {Record<string, string>} */
const plain = {
    string: 'string',
    bool: 'boolean',
    int: 'number',
    uint: 'number',
    number: 'number',
    json: 'unknown',
    progressToken: 'number | string',
};

/** @param {string} type @returns {string} */
function tsType(type) {
    const { kind, inner } = parseType(type);
    const name = tsInner(inner);
    if (kind === 'list') return `${name.includes(' ') ? `(${name})` : name}[]`;
    if (kind === 'map') return `Record<string, ${name}>`;
    return name;
}

/** @param {string} inner */
const tsInner = (inner) => (parseType(inner).kind === 'plain' ? (plain[inner] ?? inner) : tsType(inner));

/** @param {Structure & { kind?: string }} structure @param {{ exported: boolean, nullable: boolean }} how */
function structureLines(structure, { exported, nullable }) {
    const lines = exported
        ? [`/** ${structure.doc} */`, `export interface ${structure.name} {`]
        : [`type Wire${structure.name} = {`];
    if (structure.kind !== undefined) lines.push(`    kind: '${structure.kind}';`);
    for (const field of structure.fields) {
        if (exported) lines.push(`    /** ${field.doc} */`);
        lines.push(
            `    ${field.name}${field.optional ? '?' : ''}: ${tsType(field.type)}${field.optional && nullable ? ' | null' : ''};`,
        );
    }
    // A type alias, unlike an interface, fits Microsoft's types with index signatures.
    return [...lines, exported ? '}' : '};', ''];
}

/** @param {Enum} item */
function enumLines(item) {
    const values = item.values.map((value) =>
        item.type === 'int' ? String(value.value) : `'${value.name}'`,
    );
    // `string & {}` keeps the known words in completion lists.
    const open = item.open ? ' | (string & {})' : '';
    return [`/** ${item.doc} */`, `export type ${item.name} = ${values.join(' | ')}${open};`, ''];
}

/** @param {Model} model */
function lspLines(model) {
    const sent = travelling(model, 'serverToClient');
    const received = travelling(model, 'clientToServer');
    const structures = allStructures(model).filter((structure) => structure.lsp);
    const lines = [
        "import { NotificationType, NotificationType0, RequestType, RequestType0 } from 'vscode-languageserver-protocol';",
        "import type * as lsp from 'vscode-languageserver-protocol';",
        '',
    ];
    for (const structure of structures)
        lines.push(`export type ${structure.name} = ${structure.lspType ?? `lsp.${structure.name}`};`);
    for (const union of model.unions.filter((item) => item.lsp))
        lines.push(
            `export type ${union.name} = ${union.variants.map((variant) => union.name + pascal(variant.kind)).join(' | ')};`,
        );
    for (const item of model.enums.filter((candidate) => candidate.lsp))
        lines.push(`export type ${item.name} = lsp.${item.name};`);
    lines.push('', 'type Check<Narrow extends Wide, Wide> = [Narrow, Wide];', '');
    for (const structure of structures)
        lines.push(
            ...structureLines(structure, {
                exported: false,
                nullable: received.has(structure.name) && !sent.has(structure.name),
            }),
        );
    lines.push(
        '/** Compiles only if what one side sends is what the other side expects. */',
        'export type LspAgrees = [',
    );
    for (const { name } of structures) {
        if (sent.has(name)) lines.push(`    Check<Wire${name}, ${name}>,`);
        if (received.has(name)) lines.push(`    Check<${name}, Wire${name}>,`);
    }
    return [...lines, '];', ''];
}

/** @param {Message} message @param {boolean} isRequest */
function messageLines(message, isRequest) {
    const params = message.params === undefined ? [] : [tsType(message.params)];
    const result =
        message.result === undefined
            ? 'null'
            : tsType(message.result) + (message.optionalResult ? ' | null' : '');
    const types = [...params, ...(isRequest ? [result, 'ErrorData'] : [])];
    const type = `${isRequest ? 'RequestType' : 'NotificationType'}${params.length === 0 ? '0' : ''}`;
    const typed = types.length === 0 ? type : `${type}<${types.join(', ')}>`;
    return [`/** ${message.doc} */`, `export const ${message.name} = new ${typed}('${message.method}');`, ''];
}

const checker = `
type Shape =
    | { readonly fields: Readonly<Record<string, string>>; readonly kind?: string }
    | { readonly variants: Readonly<Record<string, string>> }
    | { readonly values: readonly (string | number)[] };

const plainTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
    string: (value) => typeof value === 'string',
    bool: (value) => typeof value === 'boolean',
    int: (value) => Number.isSafeInteger(value),
    uint: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
    number: (value) => typeof value === 'number',
    json: () => true,
    progressToken: (value) => typeof value === 'string' || Number.isSafeInteger(value),
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Compares a value with a type of the model; returns the JSON pointer of the first wrong place, or undefined. */
export function check(type: string, value: unknown, path = ''): string | undefined {
    if (type.endsWith('[]')) {
        if (!Array.isArray(value)) return path;
        return first(value.map((item: unknown, index) => () => check(type.slice(0, -2), item, \`\${path}/\${String(index)}\`)));
    }
    if (type.startsWith('map<')) {
        if (!isObject(value)) return path;
        return first(Object.entries(value).map(([key, item]) => () => check(type.slice(4, -1), item, \`\${path}/\${escape(key)}\`)));
    }
    const plainType = plainTypes[type];
    if (plainType !== undefined) return plainType(value) ? undefined : path;
    const shape = shapes[type];
    if (shape === undefined) return path;
    if ('values' in shape) return shape.values.some((known) => known === value) ? undefined : path;
    if (!isObject(value)) return path;
    if ('variants' in shape) {
        const variant = typeof value['kind'] === 'string' ? shape.variants[value['kind']] : undefined;
        return variant === undefined ? \`\${path}/kind\` : check(variant, value, path);
    }
    return first(Object.entries(shape.fields).map(([name, field]) => () => checkField(field, value[name], \`\${path}/\${name}\`)));
}

function checkField(type: string, value: unknown, path: string): string | undefined {
    if (!type.endsWith('?')) return check(type, value, path);
    return value === undefined || value === null ? undefined : check(type.slice(0, -1), value, path);
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
    for (const one of checks) {
        const found = one();
        if (found !== undefined) return found;
    }
    return undefined;
}

function escape(key: string): string {
    return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
`;

/** @param {Model} model */
function shapeLines(model) {
    const lines = ['const shapes: Readonly<Record<string, Shape>> = {'];
    for (const item of model.enums) {
        const values = item.values.map((value) => JSON.stringify(value.value ?? value.name)).join(', ');
        if (!item.open) lines.push(`    ${item.name}: { values: [${values}] },`);
    }
    for (const union of model.unions) {
        const variants = union.variants.map(
            (variant) => `${variant.kind}: '${union.name}${pascal(variant.kind)}'`,
        );
        lines.push(`    ${union.name}: { variants: { ${variants.join(', ')} } },`);
    }
    const open = new Set(model.enums.filter((item) => item.open).map((item) => item.name));
    for (const structure of allStructures(model)) {
        const fields = structure.fields.map(
            (field) =>
                `${field.name}: '${open.has(field.type) ? 'string' : field.type}${field.optional ? '?' : ''}'`,
        );
        lines.push(`    ${structure.name}: { fields: { ${fields.join(', ')} } },`);
    }
    return [...lines, '};'];
}

/** @param {Model} model */
export function generateTypeScript(model) {
    const own = allStructures(model).filter((structure) => !structure.lsp);
    return [
        `// Generated by protocol/generate.mjs from protocol/protocol.json ${model.version}. Do not edit.`,
        '/* eslint-disable */',
        '',
        ...lspLines(model),
        '/** Version of the model. */',
        `export const protocolVersion = '${model.version}';`,
        '',
        ...model.enums.filter((item) => !item.lsp).flatMap(enumLines),
        ...own.flatMap((structure) => structureLines(structure, { exported: true, nullable: false })),
        ...model.unions
            .filter((item) => !item.lsp)
            .flatMap((union) => [
                `/** ${union.doc} */`,
                `export type ${union.name} = ${union.variants.map((variant) => union.name + pascal(variant.kind)).join(' | ')};`,
                '',
            ]),
        ...model.requests.filter((message) => !message.lsp).flatMap((message) => messageLines(message, true)),
        ...model.notifications
            .filter((message) => !message.lsp)
            .flatMap((message) => messageLines(message, false)),
        ...shapeLines(model),
        checker.trimEnd(),
        '',
    ].join('\n');
}
