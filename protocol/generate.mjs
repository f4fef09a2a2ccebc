// @ts-check
// Reads protocol.json and writes everything that is made from it. `--check` writes nothing and fails if a file is stale.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateCpp } from './generate_cpp.mjs';
import { generateReference } from './generate_reference.mjs';
import { generateTypeScript } from './generate_ts.mjs';
import { checkModel } from './model.mjs';

/** @typedef {import('./model.mjs').Model} Model */

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');

/** @type {Model} */
const model = JSON.parse(readFileSync(join(here, 'protocol.json'), 'utf8'));
const problems = checkModel(model);
if (problems.length > 0) {
    for (const problem of problems) console.error(`protocol.json: ${problem}`);
    process.exit(1);
}

const examples = readdirSync(join(here, 'examples'))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(here, 'examples', name), 'utf8').trimEnd() }));

const cpp = generateCpp(model);
const outputs = new Map([
    ['server/aml/protocol/protocol.gen.hpp', cpp.header],
    ['server/aml/protocol/protocol.gen.cpp', cpp.source],
    ['client-ts/src/protocol.gen.ts', generateTypeScript(model)],
    ['protocol/REFERENCE.md', generateReference(model, examples)],
]);

let stale = 0;
for (const [path, text] of outputs) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (process.argv.includes('--check')) {
        console.error(`${path} is stale: run "npm run generate" and commit the result.`);
        ++stale;
    } else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        console.log(`wrote ${path}`);
    }
}
process.exitCode = stale > 0 ? 1 : 0;
