// @ts-check
// What the extension says, in a language of it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { root } from '../support/processes.mjs';

/** Says texts of the manifest, the client and the server in a language. @param {string | undefined} language */
export function texts(language) {
    if (language === undefined) return (/** @type {string} */ text) => text;
    const read = (/** @type {string} */ file) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
    const [manifest, own] = [read('package.nls.json'), read(`package.nls.${language}.json`)];
    const known = new Map([
        ...Object.entries(read(`server/l10n/${language}.json`)),
        ...Object.entries(read(`client-ts/l10n/bundle.l10n.${language}.json`)),
        ...Object.entries(manifest).map(([key, text]) => [text, own[key]]),
    ]);
    return (/** @type {string} */ text) => known.get(text) ?? assert.fail(`${text} has no translation`);
}
