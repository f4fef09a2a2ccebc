// @ts-check
// Names that must not stand for two things: the sources of a module, and those of its tests, are compiled in batches,
// where what is private to one of them can be seen, and silently chosen, by another; and of two classes with one name
// the linker keeps one.

import assert from 'node:assert/strict';
import test from 'node:test';

import { blankCommentsAndStrings, isCpp, isGenerated, projectFiles, read } from './sources.mjs';

/** What the line defines, if it begins with a definition: a type, an alias, a function or a constant. */
const type = /^(?:struct|class|enum class|enum|union) (\w+)(?=$| final\b| : | ?\{)/;
const alias = /^using (\w+) =/;
const other = /^(?!(?:using|namespace|template|static_assert|struct|class|enum|union)\b)[[A-Za-z][\w:\s*&[\]]*?\b(\w+)\s*[({=;[]/;

/** @param {string} source its comments and strings blanked @returns {string[]} */
function privateNames(source) {
    // Its end has a comment behind it, which is blank now.
    const blocks = source.matchAll(/^namespace \{$([^]*?)^\} +$/gm);
    return [...blocks].flatMap(([, block = '']) => {
        // Arguments of templates may hold anything.
        const lines = block.split('\n').map((line) => line.replace(/<[^()]*>/g, ''));
        return lines.flatMap((line) => (type.exec(line) ?? alias.exec(line) ?? other.exec(line))?.[1] ?? []);
    });
}

/** @param {string} source @returns {string[]} */
function types(source) {
    return source.split('\n').flatMap((line) => type.exec(line)?.[1] ?? []);
}

/**
 * Names that several files define.
 * @param {Map<string, string[]>} names of each file
 * @returns {string[]} "name: files"
 */
function shared(names) {
    /** @type {Map<string, string[]>} */
    const files = new Map();
    for (const [path, all] of names) {
        for (const name of new Set(all)) files.set(name, [...(files.get(name) ?? []), path]);
    }
    return [...files].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`);
}

/**
 * The names in the files of each folder.
 * @param {RegExp} folder of a file's path; its first group is the folder
 * @param {(source: string) => string[]} find
 */
function namesByFolder(folder, find) {
    /** @type {Map<string, Map<string, string[]>>} */
    const folders = new Map();
    for (const path of projectFiles((file) => isCpp(file) && !isGenerated(file))) {
        const [, group] = folder.exec(path) ?? [];
        if (group === undefined) continue;
        const names = find(blankCommentsAndStrings(read(path)));
        folders.set(group, (folders.get(group) ?? new Map()).set(path, names));
    }
    return folders;
}

test('names that are private to a source are private to its module', () => {
    // The tests of the emulator, of execution and of rpc are not compiled in batches.
    // Of the sides of the platform layer one is compiled, or POSIX with what its systems have of their own.
    const folders = /^(server\/common\/platform\/\w+|server\/(?:common|aml|emulator)\/\w+|tests\/unit\/(?!emulator|execution|rpc)\w+)\/.*\.cpp$/;
    const modules = namesByFolder(folders, privateNames);
    assert.ok(modules.size > 33);
    assert.deepEqual([...modules.values()].flatMap(shared), [], 'share what is the same, and name what is not');
});

test('a class has a name of its own', () => {
    const namespaces = namesByFolder(/^(server\/(?:common|aml)\/\w+|server\/emulator)\/.*\.hpp$/, types);
    assert.ok(namespaces.size > 10);
    assert.deepEqual([...namespaces.values()].flatMap(shared), []);
});

const source = `namespace aml {
struct Public {};
namespace {

using Alias = int;
using std::string;
class Declared;
struct Row {
    int member();
};
enum class Kind { One };
constexpr std::string_view limit = "";
constexpr Row rows[] = {};
[[noreturn]] void reject(std::string_view why) {
    call(why);
}
template <typename T>
std::map<std::string, std::vector<int>>
    wrapped(const T& value);
const std::pair<int, int>& pair_of(int a,
                                   int b) {
}

}  // namespace
int visible() {
}
}  // namespace aml
`;

test('private names are found', () => {
    assert.deepEqual(privateNames(blankCommentsAndStrings(source)), ['Alias', 'Row', 'Kind', 'limit', 'rows', 'reject', 'pair_of']);
});

test('what two files define is found', () => {
    assert.deepEqual(shared(new Map([['a', ['x', 'y']], ['b', ['y', 'z']]])), ['y: a, b']);
});
