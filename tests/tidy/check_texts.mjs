// @ts-check
// Every text for the user is localized, and every translation fits the text it translates.

import assert from 'node:assert/strict';
import test from 'node:test';

import { literals } from './literals.mjs';
import { isCpp, isGenerated, lineAt, projectFiles, read } from './sources.mjs';

const bundles = projectFiles((path) => /^server\/l10n\/[\w-]+\.json$/.test(path));
const sources = projectFiles((path) => /^server\/(common|aml)\//.test(path) && isCpp(path) && !isGenerated(path));

/** @typedef {import('./literals.mjs').Literal} Literal */

/** @param {Literal} literal */
const isFormat = (literal) => /(^|::)localize$/.test(literal.call) && literal.argument === 0;
/** @param {Literal} literal */
const isPlain = (literal) => /(^|::)Localizable$/.test(literal.call) && literal.argument === 0;

/** @type {Map<string, { where: string, format: boolean }>} */
const keys = new Map();
for (const path of sources) {
    const source = read(path);
    for (const literal of literals(source)) {
        const format = isFormat(literal);
        if (!format && !isPlain(literal)) continue;
        keys.set(literal.value, { where: `${path}:${lineAt(source, literal.start)}`, format });
    }
}

/**
 * What a format string takes, such as `0 1:g`, whatever the order and however often.
 * @param {string} format
 */
function placeholders(format) {
    let next = 0;
    const found = new Set();
    for (const [, inside] of format.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) {
        if (inside === undefined) continue;
        const [place = '', spec = ''] = inside.split(/:(.*)/);
        found.add(`${place === '' ? next++ : place}${spec && `:${spec}`}`);
    }
    return [...found].sort().join(' ');
}

/**
 * The translations in the order they stand, duplicates included.
 * @param {string} path
 */
const entries = (path) => [...read(path).matchAll(/^ {2}"((?:\\.|[^"\\])*)": "/gm)].map(([, key = '']) => JSON.parse(`"${key}"`));

test('every text can be found in the sources', () => {
    assert.ok(keys.size > 900, `${keys.size} texts were found`);
    assert.ok(bundles.length > 0);
});

for (const path of bundles) {
    /** @type {Record<string, string>} */
    const bundle = JSON.parse(read(path));

    test(`${path} translates every text, and nothing else`, () => {
        const missing = [...keys].filter(([key]) => !(key in bundle)).map(([key, { where }]) => `${where}: ${key}`);
        assert.deepEqual(missing, [], 'texts without a translation');
        assert.deepEqual(Object.keys(bundle).filter((key) => !keys.has(key)), [], 'translations of no text');
        for (const [key, translation] of Object.entries(bundle)) assert.notEqual(translation.trim(), '', key);
    });

    test(`${path} takes the same arguments as the texts`, () => {
        const wrong = [];
        for (const [key, translation] of Object.entries(bundle)) {
            if (keys.get(key)?.format && placeholders(key) !== placeholders(translation)) {
                wrong.push(`${key}  ≠  ${translation}`);
            }
        }
        assert.deepEqual(wrong, []);
    });

    test(`${path} is sorted and says nothing twice`, () => {
        const listed = entries(path);
        assert.deepEqual(listed, Object.keys(bundle));
        assert.deepEqual(listed, [...listed].sort());
    });
}

// Strings of several words that are none for the user.
const notTexts = [
    { what: 'a query or a pattern', pattern: /\b(eq|asc|desc|DESC)\b|^\[remote|\\d|\\s|\[A-Z/ },
    {
        what: 'what is wrong in the protocol, for the author of a client',
        where: /^server\/aml\/(rpc|protocol|features)\//,
        pattern:
            /^\/params\/|^the (URI|id) of |^A message |^The (id|params|method|error of a response|Content-Length|server is|input|output) |^There is no method|^Batches |^true or false$|whole number|^Writing failed|^The editor has gone\.$/,
    },
    { what: 'a part of a request or of a line of the log', pattern: /^(Bearer|Basic) |^Written by the sign-in doctor|^Content-Length|offline_access|<\?xml|^no body$|attempt=|^unknown error$/ },
    {
        what: 'what others write in English',
        where: /^server\/aml\/(auth|azure|http|workspace|runs|submit|tree|wizard)\//,
        pattern:
            /^( Trace ID:|Sign in|private (endpoint|link)|public network access|connect to any|SSL handshake|Max retries exceeded|200 response from proxy.*|perform action(\(s\))?|(linked|over) scope(\(s\))?|Current (Limit|Usage)|Additional Required|The Resource|resource group|subscription identifier|from a virtual network|does not have authorization to perform action|not registered to use namespace|already exists|is already in use|disallowed by policy|vm size|soft-deleted workspace|acr tasks requests)$/,
    },
    { what: 'a command or an option to type', pattern: /^ *aml (\w+ )?(\{|--|\[)|^aml COMMAND|^az (login|account set)$|^--\w+ [A-Z]+$|^"python train\.py"$|^compute (create|list|show|scale|start|stop|restart|delete)$|^workspace (create|list|delete)$|^data (create|list)$|^(JOB JOB|NAME PATH)$/ },
    { what: 'the first line of a key', pattern: /^PRIVATE KEY( BLOCK)?-----$/ },
    { what: 'a name', pattern: /^Azure ML: \{\}$|^Azure ML Experiments \{\}\n$|^(Azure ML|App Service|Azure Machine Learning|Cloud Shell|Azure Arc)$|^dictionary of texts$|^command job$|^mpi pytorch$|^(q?(log)?(uniform|normal) ?)+$|^managed managed_identity$|^Library\/Application Support$/ },
    { what: 'what stands in the log of a job, in English as all of Azure\'s', where: /^server\/common\/execution\//, pattern: /./ },
    { what: 'what Python and its libraries print', where: /^server\/aml\/runs\/traceback/, pattern: /./ },
    { what: 'words of failures, all of them in lower case', where: /^server\/aml\/runs\/failure_advice/, pattern: /^[^A-Z]+$/ },
    {
        what: 'a fault of the program itself',
        pattern: /^(The run is no longer followed|The request has no absolute address)\.$|the recording/,
    },
];
const notHere = /\.(info|error|debug)$|^(assert|static_assert|fmt::print)$/;

test('what a user reads goes through localize()', () => {
    const wrong = [];
    for (const path of sources) {
        const source = read(path);
        for (const literal of literals(source)) {
            if (isFormat(literal) || isPlain(literal) || notHere.test(literal.call)) continue;
            const words = literal.value.replace(/\{[^}]*\}/g, ' ').match(/\p{L}{2,}/gu) ?? [];
            const sentence = words.length > 1 && /\p{L} \p{L}|\p{L}[,.:;] |\} \p{L}|\p{L} \{/u.test(literal.value);
            const known = notTexts.some(({ where, pattern }) => (where?.test(path) ?? true) && pattern.test(literal.value));
            if (!sentence || known) continue;
            wrong.push(`${path}:${lineAt(source, literal.start)}: ${literal.value}`);
        }
    }
    assert.deepEqual(wrong, []);
});

test('a title, a label and a message are localized even if they are one word', () => {
    const wrong = [];
    for (const path of sources) {
        const source = read(path);
        const assigned = /\b(label|title|placeholder|prompt|tooltip|message|text|detail|documentation) = "(?=[A-Z])/g;
        for (const { index, 0: match } of source.matchAll(assigned)) {
            wrong.push(`${path}:${lineAt(source, index)}: ${match}`);
        }
    }
    assert.deepEqual(wrong, []);
});
