// @ts-check
// The model as a page for people who write clients.
import { baseType, pascal } from './model.mjs';

/** @typedef {import('./model.mjs').Model} Model */
/** @typedef {import('./model.mjs').Message} Message */
/** @typedef {import('./model.mjs').Field} Field */
/** @typedef {{ name: string, text: string }} Example */

const intro = `The custom methods (\`tree/*\`, \`runs/*\`, \`ml/*\`, \`auth/*\`, \`ui/*\`) and the part of the [Language Server Protocol](https://microsoft.github.io/language-server-protocol/)
3.17 that the server uses, over JSON-RPC 2.0 with LSP framing. \`$/cancelRequest\` cancels any request in either direction; a cancelled request is still answered, once.

- Absent means absent: an optional field is left out; null is read as absent. Unknown fields are ignored both ways.
- Whole numbers fit 53 bits. Times are RFC 3339 in UTC. Durations are milliseconds and say so in their names.
- An *open* set may grow: show words you do not know.
- A failed request carries \`ErrorData\` in \`error.data\`. Decide by its \`kind\`, show \`error.message\`.
- Both sides name their version in \`initialize\` and refuse another major version.`;

/** @param {string} type @param {Set<string>} names */
function typeLink(type, names) {
    const base = baseType(type);
    if (!names.has(base)) return `\`${type}\``;
    const [before, after] = type.split(base);
    return `${before ? `\`${before}\`` : ''}[\`${base}\`](#${base.toLowerCase()})${after ? `\`${after}\`` : ''}`;
}

/** @param {Message} message @param {boolean} isRequest @param {Set<string>} names */
function messageSection(message, isRequest, names) {
    const arrow = message.direction === 'clientToServer' ? 'client → server' : 'server → client';
    const lines = [
        `### ${message.method}`,
        '',
        `${isRequest ? 'Request' : 'Notification'}, ${arrow}, since ${message.since}${message.lsp ? ', LSP' : ''}. ${message.doc}`,
        '',
    ];
    lines.push(`- Parameters: ${message.params ? typeLink(message.params, names) : 'none'}`);
    if (isRequest)
        lines.push(
            `- Result: ${message.result ? typeLink(message.result, names) : 'null'}${message.optionalResult ? ' or null' : ''}`,
        );
    if (message.cancel)
        lines.push(`- Cancelling ${message.cancel === 'stopsWork' ? 'stops the work' : 'stops waiting'}.`);
    if (message.errors)
        lines.push(`- Fails with: ${message.errors.map((error) => `\`${error}\``).join(', ')}`);
    return [...lines, ''];
}

/** @param {Field[]} fields @param {Set<string>} names */
function fieldTable(fields, names) {
    if (fields.length === 0) return [];
    const rows = fields.map(
        (field) =>
            `| \`${field.name}\`${field.optional ? '?' : ''} | ${typeLink(field.type, names)} | ${field.doc}${field.secret ? ' Secret: never logged.' : ''} |`,
    );
    return ['| field | type | meaning |', '|---|---|---|', ...rows, ''];
}

/** @param {string} name @param {Example[]} examples */
function exampleBlocks(name, examples) {
    const valid = examples.filter((example) => example.name.startsWith(`${name}.valid.`));
    return valid.flatMap((example) => ['```json', example.text, '```', '']);
}

/** @param {Model} model @param {Example[]} examples */
export function generateReference(model, examples) {
    const names = new Set([...model.structures, ...model.unions, ...model.enums].map((item) => item.name));
    const types = [
        ...model.structures.map((item) => ({
            name: item.name,
            lines: [item.doc, '', ...fieldTable(item.fields, names)],
        })),
        ...model.unions.map((item) => ({
            name: item.name,
            lines: [
                `${item.doc} One of these, told apart by \`kind\`:`,
                '',
                ...item.variants.flatMap((variant) => [
                    `**\`${variant.kind}\`** (\`${item.name}${pascal(variant.kind)}\`): ${variant.doc}`,
                    '',
                    ...fieldTable(variant.fields, names),
                ]),
            ],
        })),
        ...model.enums.map((item) => ({
            name: item.name,
            lines: [
                `${item.doc}${item.open ? ' Open.' : ''}`,
                '',
                '| value | meaning |',
                '|---|---|',
                ...item.values.map(
                    (value) =>
                        `| \`${value.value ?? `"${value.name}"`}\` | ${value.value === undefined ? '' : `${value.name}: `}${value.doc} |`,
                ),
                '',
            ],
        })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
    const own = (/** @type {Message[]} */ list) => list.filter((message) => !message.lsp);
    const lsp = (/** @type {Message[]} */ list) => list.filter((message) => message.lsp);
    const section = (/** @type {Message[]} */ list, /** @type {boolean} */ isRequest) =>
        list.flatMap((message) => messageSection(message, isRequest, names));
    return (
        [
            `<!-- Generated by protocol/generate.mjs from protocol/protocol.json ${model.version}. Do not edit. -->`,
            '',
            `# Protocol reference, version ${model.version}`,
            '',
            intro,
            '',
            '## Custom messages',
            '',
            ...section(own(model.requests), true),
            ...section(own(model.notifications), false),
            '## The LSP subset',
            '',
            ...section(lsp(model.requests), true),
            ...section(lsp(model.notifications), false),
            '## Commands',
            '',
            'What `workspace/executeCommand` takes. Arguments stand in this order; those with a question mark may be missing, and then the user is asked. Without a result the answer is null, as it is when the user gives up.',
            '',
            '| command | arguments | result | what it does |',
            '|---|---|---|---|',
            ...model.commands.map(
                ({ command, arguments: given = '', result = '', doc }) =>
                    `| \`${command}\` | ${given} | ${result} | ${doc} |`,
            ),
            '',
            '## Types',
            '',
            ...types.flatMap((type) => [
                `### ${type.name}`,
                '',
                ...type.lines,
                ...exampleBlocks(type.name, examples),
            ]),
        ]
            .join('\n')
            .trimEnd() + '\n'
    );
}
