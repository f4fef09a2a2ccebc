// @ts-check
// The range of a `for` outlives nothing but the value it ends with: in `for (x : f().items())` what
// f() returned is gone before the first round (C++23 mends that, C++20 does not). So a range is a
// name, or one call; what a call inside it returns gets a name first.

import assert from 'node:assert/strict';
import test from 'node:test';

import { blankCommentsAndStrings, isCpp, isGenerated, lineAt, projectFiles, read } from './sources.mjs';

/**
 * @param {string} source
 * @returns {{ line: number, range: string }[]}
 */
function danglingRanges(source) {
    const text = blankCommentsAndStrings(source);
    const found = [];
    for (const { index } of text.matchAll(/\bfor \(/g)) {
        const range = rangeOf(text, index + 'for ('.length);
        if (range !== undefined && dangles(range)) found.push({ line: lineAt(text, index), range });
    }
    return found;
}

/**
 * What stands behind the colon of a range-for; nothing for the other kind of loop.
 * @param {string} text
 * @param {number} begin after the opening parenthesis
 */
function rangeOf(text, begin) {
    let depth = 0;
    let start = -1;
    for (let position = begin; position < text.length; position += 1) {
        const character = text[position] ?? '';
        if ('([{'.includes(character)) depth += 1;
        if (')]}'.includes(character)) depth -= 1;
        if (depth < 0) return start < 0 ? undefined : text.slice(start, position).trim();
        if (depth > 0 || character !== ':' || start >= 0) continue;
        if (text[position - 1] !== ':' && text[position + 1] !== ':') start = position + 1;
    }
    return undefined;
}

/** These give a reference to something that their object holds. */
const references = /\.\s*(at|front|back|get_ref<[^()]*>)\s*$/;

/** @param {string} range */
function dangles(range) {
    if (/^\*.*[\w>]\s*\(/s.test(range)) return true;
    for (const { index } of range.matchAll(/[)}]\s*(\.|->)\s*\w+(<[^()]*>)?\s*\(|[)}]\s*\[/g)) {
        const callee = range.slice(0, opening(range, index));
        if (!references.test(callee) || danglesBefore(callee)) return true;
    }
    return false;
}

/**
 * Whether what `.at(…)` is called on is itself a temporary.
 * @param {string} callee
 */
function danglesBefore(callee) {
    return /[)}]/.test(callee.replace(references, '').replace(/\.\s*(at|front|back)\s*\([^()]*\)/g, ''));
}

/**
 * Where the bracket begins that ends at `end`.
 * @param {string} text
 * @param {number} end
 */
function opening(text, end) {
    let depth = 0;
    for (let position = end; position >= 0; position -= 1) {
        if (')]}'.includes(text[position] ?? '')) depth += 1;
        if ('([{'.includes(text[position] ?? '')) depth -= 1;
        if (depth === 0) return position;
    }
    return 0;
}

test('no range of a for calls upon what a call returned', () => {
    const wrong = projectFiles((path) => isCpp(path) && !isGenerated(path)).flatMap((path) =>
        danglingRanges(read(path)).map(({ line, range }) => `${path}:${line}: ${range}`),
    );
    assert.deepEqual(wrong, []);
});

const good = {
    'a name': 'for (const auto& item : items) use(item);',
    'a call': 'for (const auto& item : list(a, b)) use(item);',
    'a call on a name': 'for (const auto& [key, item] : value.items()) use(item);',
    'a call on an element': 'for (const auto& [key, item] : body.at("headers").items()) use(item);',
    'a call on an element of an element': 'for (auto& x : body.at("a").at("b").items()) use(x);',
    'a member of what a call returned': 'for (const auto& file : list(a).files) use(file);',
    'a name that is called': 'for (const auto& item : std::as_const(items)) use(item);',
    'a list': 'for (const char* name : {"a", "b"}) use(name);',
    'a name behind a pointer': 'for (const auto& item : *items) use(item);',
    'another kind of loop': 'for (auto i = f().begin(); i != end; ++i) use(a ? b : c().d());',
};
const bad = {
    'what a function returned': 'for (const auto& [key, item] : columns_of(x).items()) use(item);',
    'what a method returned': 'for (const auto& item : body.json().value("a", 1)) use(item);',
    'a temporary': 'for (const auto& item : Tenants(store).all()) use(item);',
    'a temporary in braces': 'for (const auto& item : Tenants{store}.all()) use(item);',
    'an element of a temporary': 'for (const auto& item : columns_of(x).at("a").items()) use(item);',
    'a subscript': 'for (const auto& item : columns_of(x)["a"]) use(item);',
    'what is behind a temporary': 'for (const auto& item : *find(x)) use(item);',
    'a loop with a beginning': 'for (auto a = 1; const auto& item : find(x).value()) use(item);',
};
for (const [name, source] of Object.entries(good)) {
    test(`accepted: ${name}`, () => assert.deepEqual(danglingRanges(source), []));
}
for (const [name, source] of Object.entries(bad)) {
    test(`found: ${name}`, () => assert.equal(danglingRanges(source).length, 1));
}
