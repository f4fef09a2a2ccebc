// @ts-check
// The modules of server/ use each other only along the arrows of the table in server/README.md.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { isCpp, projectFiles, read, root } from './sources.mjs';

const arrows = arrowTable(read('server/README.md'));

/**
 * @param {string} readme
 * @returns {Map<string, string[]>} module -> the modules its own arrows lead to
 */
function arrowTable(readme) {
    const rows = readme.matchAll(/^\| `([a-z.]+)` \|([^|]*)\|/gm);
    /** @type {[string, string[]][]} */
    const entries = [...rows].map(([, module = '', uses = '']) => {
        const targets = [...uses.matchAll(/`([a-z]+)`/g)].map(([, name = '']) => name);
        return [module, targets];
    });
    return new Map(entries);
}

/**
 * The modules that can be reached from one along the arrows, itself included.
 * @param {string} module
 * @returns {Set<string>}
 */
function reachable(module) {
    const found = new Set([module]);
    for (const name of found) for (const next of arrows.get(name) ?? []) found.add(next);
    return found;
}

/**
 * The module that a file of server/ belongs to.
 * @param {string} path
 */
function moduleOf(path) {
    const [, place, folder = ''] = path.split('/');
    return place === 'emulator' ? 'emulator' : folder;
}

/**
 * The project's own headers that a file includes, as (text, module).
 * @param {string} path
 */
function* ownIncludes(path) {
    for (const [, name = ''] of read(path).matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
        const inEmulator = path.startsWith('server/emulator/') && existsSync(join(root, 'server/emulator', name));
        yield { name, module: inEmulator ? 'emulator' : (name.split('/')[0] ?? '') };
    }
}

test('the arrow table has a row for every module and only for modules', () => {
    const folders = new Set(projectFiles((path) => /^server\/(common|aml|emulator)\/.*\.(cpp|hpp)$/.test(path)).map(moduleOf));
    assert.deepEqual([...arrows.keys()].sort(), [...folders].sort());
});

test('the arrows form no circle', () => {
    for (const [module, targets] of arrows) {
        for (const target of targets) {
            assert.ok(arrows.has(target), `${module} has an arrow to ${target}, which has no row`);
            assert.ok(!reachable(target).has(module), `${module} and ${target} reach each other`);
        }
    }
});

test('every include follows an arrow', () => {
    const wrong = [];
    for (const path of projectFiles((file) => file.startsWith('server/') && isCpp(file))) {
        if (path.startsWith('server/cmake/')) continue;
        const module = moduleOf(path);
        const allowed = reachable(module);
        for (const include of ownIncludes(path)) {
            if (!allowed.has(include.module)) wrong.push(`${path}: ${module} may not include "${include.name}"`);
        }
    }
    assert.deepEqual(wrong, []);
});

test('headers are included by their path from the source root', () => {
    const wrong = [];
    for (const path of projectFiles((file) => file.startsWith('server/') && isCpp(file))) {
        for (const { name } of ownIncludes(path)) {
            const found = ['server/common', 'server/aml', 'server/emulator'].some((base) => existsSync(join(root, base, name)));
            if (!found) wrong.push(`${path}: "${name}"`);
        }
    }
    assert.deepEqual(wrong, []);
});

test('CMake links a module only along its own arrows', () => {
    const modules = ['server/common', 'server/aml'].flatMap((folder) => [
        ...read(`${folder}/CMakeLists.txt`).matchAll(/^aml_module\((\w+)(?: DEPS ([a-z ]+?))?(?: LIBS .*)?\)$/gm),
    ]);
    assert.ok(modules.length > 10);
    for (const [, module = '', dependencies = ''] of modules) {
        const names = dependencies.split(' ').filter((name) => name !== '');
        const targets = arrows.get(module) ?? [];
        assert.deepEqual(names.filter((name) => !targets.includes(name)), [], module);
    }
});
