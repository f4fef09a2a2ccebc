// @ts-check
// The notices of third parties that a package carries: of the libraries in its programs, of what the toolchain adds
// to them, and of the npm packages in the client's bundle.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dependenciesFor, pins } from './dependencies.mjs';
import { Failure, root } from './tools.mjs';

/** @typedef {import('./targets.mjs').Target} Target */

/** @typedef {{ name: string, version: string, texts: readonly string[] }} Part whose licences are `texts` */

/**
 * The text of ThirdPartyNotices.txt: a heading for each part, and its licences.
 * @param {Target | undefined} target undefined: a package without programs
 */
export async function notices(target) {
    const parts = [...(target === undefined ? [] : await nativeParts(target)), ...bundledParts()];
    const intro =
        'Azure ML Experiments contains the following third-party software, under the licences that follow.\n';
    return [intro, ...parts.map(section)].join('\n');
}

/** @param {Part} part */
function section({ name, version, texts }) {
    const rule = '='.repeat(80);
    const licences = texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
    return `${rule}\n${name} ${version}\n${rule}\n\n${licences}\n`;
}

/** The libraries in the programs, and what the compiler links into them. @param {Target} target */
async function nativeParts(target) {
    const { sources, zig } = await dependenciesFor(target);
    const read = (/** @type {string} */ folder, /** @type {readonly string[]} */ files) =>
        files.map((file) => licencesIn(readFileSync(join(folder, file), 'utf8')));
    const libraries = pins.libraries
        .filter(({ onlyTests }) => !onlyTests)
        .map(({ name, title, version, licences }) => ({
            name: title,
            version,
            texts: read(join(sources, name), licences),
        }));
    const runtime = runtimeParts(target).map(([name, file]) => ({
        name,
        version: `of Zig ${pins.zig.version}`,
        texts: read(zig, [file]),
    }));
    return [...libraries, ...runtime];
}

/**
 * Of a list that Debian makes, which names the authors of each of thousands of files, the licences alone.
 * @param {string} text
 */
function licencesIn(text) {
    if (!text.startsWith('Format: https://www.debian.org/doc/packaging-manuals/copyright-format'))
        return text;
    const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph.startsWith('License:'));
    return paragraphs.join('\n\n').replace(/^ \.$/gm, '');
}

/**
 * What Zig links into every program, with the licence's file in its folder.
 * @param {Target} target
 * @returns {readonly (readonly [string, string])[]}
 */
export function runtimeParts({ family, triple }) {
    const libc = { windows: ['mingw-w64', 'lib/libc/mingw/COPYING'], macos: undefined, linux: undefined }[
        family
    ];
    const linux = triple.endsWith('musl')
        ? ['musl', 'lib/libc/musl/COPYRIGHT']
        : ['GNU C library, its start-up code', 'lib/libc/glibc/LICENSES'];
    return /** @type {(readonly [string, string])[]} */ ([
        ['libc++', 'lib/libcxx/LICENSE.TXT'],
        ['libc++abi', 'lib/libcxxabi/LICENSE.TXT'],
        ['libunwind', 'lib/libunwind/LICENSE.TXT'],
        ['compiler-rt', 'LICENSE'],
        ...(family === 'linux' ? [linux] : libc ? [libc] : []),
    ]);
}

/** The npm packages of which the bundle has code. @returns {Part[]} */
function bundledParts() {
    return bundledFolders().map((folder) => {
        const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
        const files = readdirSync(join(root, folder)).filter((file) =>
            /^(licen[cs]e|third-?party)/i.test(file),
        );
        if (files.length === 0) throw new Failure(`${folder} has no licence that the notices could quote.`);
        return { name, version, texts: files.map((file) => readFileSync(join(root, folder, file), 'utf8')) };
    });
}

/** Folders of those packages, from the list that the bundler writes. @returns {string[]} */
export function bundledFolders() {
    const { inputs } = JSON.parse(readFileSync(join(root, 'build/bundle.json'), 'utf8'));
    const folders = Object.keys(inputs).flatMap(
        (file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? [],
    );
    return [...new Set(folders)].sort();
}
