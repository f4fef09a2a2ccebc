// @ts-check
// The modules of server/ use each other only along the arrows of the table in server/README.md, those
// inside the emulator along the arrows of the table in its own.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { isCpp, projectFiles, read, root } from './sources.mjs';

/**
 * The table `| module | arrows | …` of a page.
 * @param {string} page
 * @returns {Map<string, string[]>} module -> the modules its own arrows lead to
 */
function arrowTable(page) {
    const [, table = ''] = read(page).match(/^\| module \| arrows \|[^\n]*\n((?:\|[^\n]*\n)*)/m) ?? [];
    const rows = table.matchAll(/^\| `([a-z.]+)` \|([^|]*)\|/gm);
    /** @type {[string, string[]][]} */
    const entries = [...rows].map(([, module = '', uses = '']) => {
        const targets = [...uses.matchAll(/`([a-z]+)`/g)].map(([, name = '']) => name);
        return [module, targets];
    });
    return new Map(entries);
}

const serverArrows = arrowTable('server/README.md');
const emulatorArrows = arrowTable('server/emulator/README.md');
/** All modules; those of the emulator are called `emulator/NAME`. */
const arrows = new Map([...serverArrows, ...[...emulatorArrows].map(inEmulator)]);

/**
 * @param {[string, string[]]} row
 * @returns {[string, string[]]}
 */
function inEmulator([module, targets]) {
    const named = targets.map((target) => (emulatorArrows.has(target) ? `emulator/${target}` : target));
    return [`emulator/${module}`, named];
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
    const [, place = '', folder = place] = path.split('/');
    return place === 'emulator' ? `emulator/${folder}` : folder;
}

/**
 * The project's own headers that a file includes, as (text, module).
 * @param {string} path
 */
function* ownIncludes(path) {
    for (const [, name = ''] of read(path).matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
        const [folder = ''] = name.split('/');
        const ofEmulator = existsSync(join(root, 'server/emulator', name));
        // From outside the emulator is one module, whose door is its program.
        const isDoor = folder === 'program' && !path.startsWith('server/emulator/');
        yield { name, module: !ofEmulator ? folder : isDoor ? 'emulator' : `emulator/${folder}` };
    }
}

/**
 * The folders below a place, and the sources directly in it.
 * @param {RegExp} place
 */
function foldersIn(place) {
    return new Set(projectFiles((path) => place.test(path) && isCpp(path)).map(moduleOf));
}

test('the arrow tables have a row for every module and only for modules', () => {
    assert.deepEqual([...serverArrows.keys()].sort(), [...foldersIn(/^server\/(common\/|aml\/|main\.cpp)/), 'emulator'].sort());
    assert.deepEqual([...emulatorArrows].map(inEmulator).map(([name]) => name).sort(), [...foldersIn(/^server\/emulator\//)].sort());
});

test('the arrows form no circle', () => {
    for (const [module, targets] of arrows) {
        for (const target of targets) {
            assert.ok(arrows.has(target), `${module} has an arrow to ${target}, which has no row`);
            assert.ok(!reachable(target).has(module), `${module} and ${target} reach each other`);
        }
    }
});

test('the emulator uses of the rest what its own arrow allows', () => {
    const allowed = reachable('emulator');
    const used = [...emulatorArrows].map(inEmulator).flatMap(([, targets]) => targets);
    assert.deepEqual(used.filter((name) => !name.startsWith('emulator/') && !allowed.has(name)), []);
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
        if (path.startsWith('server/cmake/')) continue;
        for (const { name } of ownIncludes(path)) {
            const found = ['server/common', 'server/aml', 'server/emulator'].some((base) => existsSync(join(root, base, name)));
            if (!found) wrong.push(`${path}: "${name}"`);
        }
    }
    assert.deepEqual(wrong, []);
});

test('CMake links a module only along its own arrows', () => {
    const linked = new Set();
    for (const path of projectFiles((file) => /^server\/.*CMakeLists\.txt$/.test(file))) {
        const calls = read(path).matchAll(/^aml(_emulator)?_module\((\w+)(?:\s+DEPS\s+([a-z\s]+?))?(?=\)|\s+LIBS)/gm);
        for (const [, emulator, module = '', names = ''] of calls) {
            const targets = names.split(/\s+/).filter((name) => name !== '');
            const [name, named] = emulator === undefined ? [module, targets] : inEmulator([module, targets]);
            linked.add(name);
            assert.deepEqual(named.filter((target) => !arrows.get(name)?.includes(target)), [], `${name} in ${path}`);
        }
    }
    const others = ['main.cpp', 'emulator'];
    assert.deepEqual([...linked].sort(), [...arrows.keys()].filter((name) => !others.includes(name)).sort());
});
