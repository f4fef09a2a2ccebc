// @ts-check
// The shape of protocol.json, and the rules that a JSON schema cannot say.

/**
 * @typedef {{ name: string, type: string, optional?: boolean, secret?: boolean, unit?: string, doc: string }} Field
 * @typedef {{ name: string, lsp?: boolean, lspType?: string, doc: string, fields: Field[] }} Structure
 * @typedef {{ kind: string, doc: string, fields: Field[] }} Variant
 * @typedef {{ name: string, lsp?: boolean, doc: string, variants: Variant[] }} Union
 * @typedef {{ name: string, value?: number, doc: string }} EnumValue
 * @typedef {{ name: string, lsp?: boolean, type?: 'int', open?: boolean, doc: string, values: EnumValue[] }} Enum
 * @typedef {'clientToServer' | 'serverToClient'} Direction
 * @typedef {{ method: string, name: string, direction: Direction, lsp?: boolean, since: string, params?: string, result?: string,
 *   optionalResult?: boolean, cancel?: 'stopsWaiting' | 'stopsWork', errors?: string[], doc: string }} Message
 * @typedef {{ command: string, arguments?: string, result?: string, doc: string }} Command
 * @typedef {{ version: string, requests: Message[], notifications: Message[], commands: Command[], structures: Structure[], unions: Union[], enums: Enum[] }} Model
 */

export const primitives = ['string', 'bool', 'int', 'uint', 'number', 'json', 'progressToken'];

/** Splits `T[]` and `map<T>`. @param {string} type @returns {{ kind: 'list' | 'map' | 'plain', inner: string }} */
export function parseType(type) {
    if (type.endsWith('[]')) return { kind: 'list', inner: type.slice(0, -2) };
    if (type.startsWith('map<') && type.endsWith('>')) return { kind: 'map', inner: type.slice(4, -1) };
    return { kind: 'plain', inner: type };
}

/** The name or primitive at the bottom of `T[]` and `map<T>`. @param {string} type @returns {string} */
export function baseType(type) {
    const { kind, inner } = parseType(type);
    return kind === 'plain' ? inner : baseType(inner);
}

/** @param {string} text */
export const pascal = (text) => text.replace(/(^|[-_])([a-z0-9])/g, (_, __, letter) => letter.toUpperCase());

/** Every structure, those of union variants included. @param {Model} model @returns {(Structure & { kind?: string })[]} */
export function allStructures(model) {
    const variants = model.unions.flatMap((union) =>
        union.variants.map((variant) => variantStructure(union, variant)),
    );
    return [...model.structures, ...variants];
}

/** @param {Union} union @param {Variant} variant @returns {Structure & { kind: string }} */
export function variantStructure(union, variant) {
    const { kind, doc, fields } = variant;
    return { name: union.name + pascal(kind), kind, doc, fields, ...(union.lsp ? { lsp: true } : {}) };
}

/** Structures and unions in an order in which each comes after those it holds. @param {Model} model */
export function sorted(model) {
    /** @type {Map<string, { structure?: Structure & { kind?: string }, union?: Union, needs: string[] }>} */
    const items = new Map();
    for (const structure of allStructures(model)) {
        items.set(structure.name, {
            structure,
            needs: structure.fields.map((field) => baseType(field.type)),
        });
    }
    for (const union of model.unions) {
        items.set(union.name, {
            union,
            needs: union.variants.map((variant) => union.name + pascal(variant.kind)),
        });
    }
    const done = new Set();
    /** @type {{ structure?: Structure & { kind?: string }, union?: Union }[]} */
    const order = [];
    /** @param {string} name @param {string[]} trail */
    const visit = (name, trail) => {
        const item = items.get(name);
        if (item === undefined || done.has(name)) return;
        if (trail.includes(name))
            throw new Error(`${[...trail, name].join(' -> ')}: a structure cannot hold itself`);
        for (const need of item.needs) visit(need, [...trail, name]);
        done.add(name);
        order.push(item);
    };
    for (const name of items.keys()) visit(name, []);
    return order;
}

/** Names reachable from messages that travel in `direction`. @param {Model} model @param {Direction} direction */
export function travelling(model, direction) {
    /** @type {Set<string>} */
    const seen = new Set();
    const structures = new Map(allStructures(model).map((structure) => [structure.name, structure]));
    const unions = new Map(model.unions.map((union) => [union.name, union]));
    /** @param {string | undefined} type */
    const visit = (type) => {
        const name = type === undefined ? '' : baseType(type);
        if (seen.has(name)) return;
        seen.add(name);
        for (const field of structures.get(name)?.fields ?? []) visit(field.type);
        for (const variant of unions.get(name)?.variants ?? []) visit(name + pascal(variant.kind));
    };
    for (const message of [...model.requests, ...model.notifications]) {
        visit(message.direction === direction ? message.params : message.result);
    }
    return seen;
}

/** Where secrets are in messages, as JSON pointers. @param {Model} model */
export function secretPaths(model) {
    const structures = new Map(model.structures.map((structure) => [structure.name, structure]));
    /** @type {{ method: string, part: string, pointer: string }[]} */
    const found = [];
    for (const message of [...model.requests, ...model.notifications]) {
        /** @param {string} part @param {string | undefined} type @param {string} pointer */
        const visit = (part, type, pointer) => {
            for (const field of structures.get(type ?? '')?.fields ?? []) {
                if (field.secret)
                    found.push({ method: message.method, part, pointer: `${pointer}/${field.name}` });
                visit(part, field.type, `${pointer}/${field.name}`);
            }
        };
        visit('params', message.params, '');
        visit('result', message.result, '');
    }
    return found;
}

/** @param {Model} model @returns {string[]} what is wrong with the model */
export function checkModel(model) {
    const structures = allStructures(model);
    const named = [...structures, ...model.unions, ...model.enums];
    const names = named.map((item) => item.name);
    const known = new Set([...primitives, ...names]);
    const failures = new Set(
        model.enums.find((item) => item.name === 'FailureKind')?.values.map((value) => value.name),
    );
    const messages = [...model.requests, ...model.notifications];
    /** @type {string[]} */
    const problems = [];
    /** @param {string} where @param {string[]} list */
    const unique = (where, list) => {
        for (const name of new Set(list.filter((item, index) => list.indexOf(item) !== index)))
            problems.push(`${where}: ${name} is defined twice`);
    };
    unique('types and messages', [...names, ...messages.map((message) => message.name)]);
    unique(
        'methods',
        messages.map((message) => message.method),
    );
    unique(
        'commands',
        model.commands.map(({ command }) => command),
    );
    const documented = [
        ...named,
        ...messages,
        ...model.commands.map(({ command, doc }) => ({ name: command, doc })),
        ...structures.flatMap((item) => item.fields),
        ...model.enums.flatMap((item) => item.values),
    ];
    for (const item of documented)
        if (!/[.!?]$/.test(item.doc ?? '')) problems.push(`${item.name}: "doc" must be a sentence`);
    for (const structure of structures) {
        unique(
            structure.name,
            structure.fields.map((field) => field.name),
        );
        for (const field of structure.fields) {
            const where = `${structure.name}.${field.name}`;
            if (!known.has(baseType(field.type))) problems.push(`${where}: no type ${field.type}`);
            if (field.secret && (field.type !== 'string' || structure.kind !== undefined))
                problems.push(`${where}: only a string of a plain structure can be secret`);
            if (/Ms$/.test(field.name) !== (field.unit === 'ms'))
                problems.push(`${where}: a name ending in Ms and the unit ms go together`);
        }
    }
    const secretHolders = new Set(
        structures.filter((item) => item.fields.some((field) => field.secret)).map((item) => item.name),
    );
    for (const field of structures.flatMap((item) => item.fields)) {
        if (parseType(field.type).kind !== 'plain' && secretHolders.has(baseType(field.type)))
            problems.push(`${field.name}: secrets in lists and maps cannot be hidden from the log`);
    }
    for (const message of messages) {
        for (const type of [message.params, message.result]) {
            if (type !== undefined && !known.has(baseType(type)))
                problems.push(`${message.method}: no type ${type}`);
        }
        if (message.optionalResult && !message.lsp)
            problems.push(`${message.method}: only LSP has null results`);
        for (const error of message.errors ?? [])
            if (!failures.has(error)) problems.push(`${message.method}: no failure kind ${error}`);
    }
    for (const item of model.enums) {
        unique(
            item.name,
            item.values.map((value) => pascal(value.name)),
        );
        for (const value of item.values)
            if ((value.value !== undefined) !== (item.type === 'int'))
                problems.push(`${item.name}.${value.name}: "value" and type int go together`);
        if (item.type === 'int' && item.open) problems.push(`${item.name}: an int enum cannot be open`);
    }
    return problems;
}
