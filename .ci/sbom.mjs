// @ts-check
// usage: node .ci/sbom.mjs
// Writes the bill of materials of a release, build/azureml-experiments.cdx.json (CycloneDX): what the bundle of the
// client consists of, and the libraries that the programs are linked with. Packages must have been made before.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pins } from './dependencies.mjs';
import { root, run, script } from './tools.mjs';

const file = join(root, 'build/azureml-experiments.cdx.json');

await script(async () => {
    const options = ['--mc-type', 'application', '--output-file', file];
    await run(join(root, 'node_modules/.bin/cyclonedx-esbuild'), [...options, 'build/bundle.json']);
    const bill = JSON.parse(readFileSync(file, 'utf8'));
    const parts = nativeParts();
    const main = bill.metadata.component['bom-ref'];
    const entry = bill.dependencies.find((/** @type {{ ref: string }} */ { ref }) => ref === main);
    bill.components.push(...parts);
    entry.dependsOn = [...(entry.dependsOn ?? []), ...parts.map((part) => part['bom-ref'])];
    bill.dependencies.push(...parts.map((part) => ({ ref: part['bom-ref'] })));
    writeFileSync(file, `${JSON.stringify(bill, undefined, 2)}\n`);
});

/** Libraries by the Debian packages that they come from, and the compiler with the runtime that it links. */
function nativeParts() {
    const libraries = pins.libraries
        .filter(({ onlyTests }) => !onlyTests)
        .map(({ title, source, package: binary, version, sha256 }) => ({
            ...part(title, version, `pkg:deb/debian/${source ?? binary}@${encodeURIComponent(version)}`),
            hashes: [{ alg: 'SHA-256', content: sha256 }],
        }));
    const { version } = pins.zig;
    return [...libraries, part('Zig', version, `pkg:pypi/ziglang@${version}`)];
}

/** @param {string} name @param {string} version @param {string} purl */
function part(name, version, purl) {
    return { type: 'library', name, version, 'bom-ref': purl, purl };
}
