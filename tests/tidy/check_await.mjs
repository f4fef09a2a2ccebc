// @ts-check
// "Name it, then await it": GCC 12 destroys twice an aggregate temporary, or the copies held by a
// lambda, built in the same full expression as a co_await. A heuristic on the source text finds the
// usual ways of writing that; the sanitized tests find what it cannot see.

import assert from 'node:assert/strict';
import test from 'node:test';

import { blankCommentsAndStrings, isCpp, isGenerated, lineAt, projectFiles, read } from './sources.mjs';

/**
 * @param {string} source
 * @returns {{ line: number, problem: string }[]}
 */
function awaitTraps(source) {
    const text = blankCommentsAndStrings(source);
    const traps = [];
    for (const { index } of text.matchAll(/\bco_await\b/g)) {
        const start = expressionStart(text, index);
        const expression = text.slice(start, expressionEnd(text, index));
        const problem = trapIn(expression);
        if (problem !== undefined) traps.push({ line: lineAt(text, index), problem });
    }
    return traps;
}

/**
 * Where the full expression around `at` begins: after the last `;`, or the brace of a block.
 * @param {string} text
 * @param {number} at
 */
function expressionStart(text, at) {
    let position = at;
    let depth = 0;
    while (position > 0) {
        const character = text[position - 1] ?? '';
        if (character === ';' && depth === 0) break;
        if (character === '}' && depth === 0 && closesBlock(text, position)) break;
        if (character === '{' && depth === 0 && opensBlock(text, position - 1)) break;
        if (')]}'.includes(character)) depth += 1;
        if ('([{'.includes(character)) depth = Math.max(0, depth - 1);
        position -= 1;
    }
    return position;
}

/**
 * Where the full expression around `at` ends: before its `;`, or the `)` of the condition it is.
 * @param {string} text
 * @param {number} at
 */
function expressionEnd(text, at) {
    let depth = 0;
    for (let position = at; position < text.length; position += 1) {
        const character = text[position] ?? '';
        if (character === ';' && depth <= 0) return position;
        if ('([{'.includes(character)) depth += 1;
        if (')]}'.includes(character)) depth -= 1;
        if (character === '{' && depth <= 0) return position;
    }
    return text.length;
}

/**
 * Whether the brace at `at` begins statements rather than a list of values.
 * @param {string} text
 * @param {number} at
 */
function opensBlock(text, at) {
    const before = text.slice(Math.max(0, at - 300), at).trimEnd();
    if (/(^|[;{}):])$/.test(before)) return true;
    if (/\b(else|do|try|const|noexcept|override|final|mutable)$/.test(before)) return true;
    return /\)[^;{}()]*->[^;{}]*$/.test(before);
}

/**
 * Whether the brace before `end` closes statements: what follows a list of values goes on.
 * @param {string} text
 * @param {number} end
 */
function closesBlock(text, end) {
    return !/^\s*[,.;)?:\]}=!<>&|+\-*/]/.test(text.slice(end, end + 80));
}

/** @param {string} expression */
function trapIn(expression) {
    if (/^\s*(CHECK|REQUIRE|WARN|SUBCASE)[A-Z_]*\s*\(/.test(expression)) {
        return 'co_await inside a test macro';
    }
    const [, captures] = expression.match(/(?:^|[^\w\])\s])\s*\[([^\]\[]+)\]\s*(?:\(|\{|mutable)/) ?? [];
    if (captures !== undefined && copiesSomething(captures)) {
        return `a lambda that captures [${captures.trim()}] in the same expression as co_await`;
    }
    const [temporary] = expression.match(/(?:\b[A-Z]\w*(?:<[^;{}()]*>)?|[(,])\s*\{\s*[^\s}][^}]*/) ?? [];
    if (temporary !== undefined && !isDeclaration(expression, temporary)) {
        return `the temporary '${temporary.trim().slice(0, 40)}' in the same expression as co_await`;
    }
    return undefined;
}

/**
 * References and `this` are trivial to copy and harmless.
 * @param {string} captures
 */
function copiesSomething(captures) {
    return captures.split(',').some((capture) => !/^\s*(&\w*|this)\s*$/.test(capture));
}

/**
 * `Type name{...}` names what it builds, so it is no temporary.
 * @param {string} expression
 * @param {string} temporary
 */
function isDeclaration(expression, temporary) {
    return /^\s*(const\s+)?[\w:]+(<[^;{}()]*>)?\s+\w+\s*$/.test(expression.slice(0, expression.indexOf('{')))
        && !/[(,]/.test(temporary[0] ?? '');
}

test('nothing fragile is built in the same expression as co_await', () => {
    const wrong = projectFiles((path) => isCpp(path) && !isGenerated(path)).flatMap((path) =>
        awaitTraps(read(path)).map(({ line, problem }) => `${path}:${line}: ${problem}`),
    );
    assert.deepEqual(wrong, []);
});

const good = {
    'a plain call': 'co_await run(std::move(spec), stop);',
    'an empty list': 'const auto value = co_await flight.run(start, {});',
    'a named aggregate before': 'Spec spec{.name = name};\nco_await submit(std::move(spec));',
    'a lambda of references': 'co_await each([&](int) { return 1; });',
    'a lambda that is named first': 'auto step = [copy](int) { return copy; };\nco_await each(step);',
    'a co_await in a block': 'if (ready) { co_await wait(); }\nSpec spec{.name = name};',
    'a subscript': 'co_await calls[index](stop);',
    'a body after a trailing return type': 'auto f = [&]() -> awaitable<void> { co_await wait(); };',
    'text in comments and strings': 'co_await log("T{1}"); // co_await f(T{1})',
    'a loop around': 'for (auto& item : items) { co_await use(item); }',
};
const bad = {
    'an aggregate argument': 'co_await submit(Spec{.name = name}, stop);',
    'a braced argument': 'auto run = co_await submit({.name = name});',
    'a second braced argument': 'co_await submit(stop, {name, 1});',
    'a lambda that copies': 'co_await run_blocking(pool, [path] { return read(path); });',
    'a lambda that moves in': 'co_await later([text = std::move(text)]() mutable { use(text); });',
    'an aggregate beside it': 'use(Spec{.name = name}, co_await wait());',
    'an aggregate around it': 'use(Spec{.name = co_await name()});',
    'a condition': 'if (co_await has(Key{name, 2})) { go(); }',
    'a test macro': 'CHECK(co_await ask() == 1);',
};
for (const [name, source] of Object.entries(good)) {
    test(`accepted: ${name}`, () => assert.deepEqual(awaitTraps(`void f() {\n${source}\n}`), []));
}
for (const [name, source] of Object.entries(bad)) {
    test(`found: ${name}`, () => assert.equal(awaitTraps(`void f() {\n${source}\n}`).length, 1));
}
