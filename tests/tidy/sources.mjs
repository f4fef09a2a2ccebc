// @ts-check
// What the tidy checks share: the project's files, and C++ with its comments and strings blanked.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Paths, relative to the root, of every file that is tracked or could be.
 * @param {(path: string) => boolean} [wanted]
 * @returns {string[]}
 */
export function projectFiles(wanted = () => true) {
    const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
    const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '' && wanted(path));
    return paths.filter((path) => existsSync(join(root, path))).sort();
}

/** @param {string} path relative to the root */
export function read(path) {
    return readFileSync(join(root, path), 'utf8');
}

/** @param {string} path */
export function isGenerated(path) {
    return /\.gen\.|^package-lock\.json$|^protocol\/REFERENCE\.md$/.test(path);
}

/** @param {string} path */
export function isCpp(path) {
    return /\.(cpp|hpp)$/.test(path);
}

/**
 * The number, from 1, of the line that `offset` lies on.
 * @param {string} text
 * @param {number} offset
 */
export function lineAt(text, offset) {
    return text.slice(0, offset).split('\n').length;
}

/**
 * The C++ source with the insides of comments and of string and character literals replaced by
 * spaces; offsets and lines stay what they were.
 * @param {string} source
 */
export function blankCommentsAndStrings(source) {
    const token =
        /\/\/[^\n]*|\/\*[^]*?\*\/|R"([^(\s]*)\([^]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'/g;
    return source.replace(token, (match) => match.replace(/[^\n]/g, ' '));
}
