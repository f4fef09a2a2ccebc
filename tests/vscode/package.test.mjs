// @ts-check
// The package on a machine that has nothing of what it was built with.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { CleanRoot } from '../support/clean_root.mjs';
import { killWhatRuns, root } from '../support/processes.mjs';
import { readZip, unpackZip } from '../support/zip.mjs';
import { vsix } from './editor.mjs';

const skip = CleanRoot.impossible ?? false;
const megabyte = 1_000_000;

test('the package is small and holds what it needs, nothing of how it was made', () => {
    const names = [...readZip(vsix).keys()];
    const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    const pictures = contributes.walkthroughs[0].steps.map((/** @type {any} */ { media }) => media.image);
    const texts = ['LICENSE.txt', 'ThirdPartyNotices.txt'];
    const needed = ['bin/aml', 'sample/train_universal.py', ...pictures];
    for (const name of [
        ...needed,
        ...texts,
        'client-ts/dist/extension.js',
        'client-ts/dist/webview/run.js',
        'client-ts/dist/webview/run.css',
        'client-ts/l10n/bundle.l10n.zh-cn.json',
    ]) {
        assert.ok(names.includes(`extension/${name}`), `${name} is not among ${names.join(', ')}`);
    }
    const foreign = names.filter((name) => /\.(ts|map|cpp|hpp)$|node_modules|__pycache__/.test(name));
    assert.deepEqual(foreign, []);
    const size = fs.statSync(vsix).size;
    assert.ok(size < 8 * megabyte, `${(size / megabyte).toFixed(1)} MB`);
});

test('VS Code installs the program so that it can be started', () => {
    assert.equal(readZip(vsix).get('extension/bin/aml')?.mode, 0o100755);
});

test('the bill of materials names every part', () => {
    execFileSync('node', ['.ci/sbom.mjs'], { cwd: root, stdio: 'ignore' });
    const read = (/** @type {string} */ file) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
    const names = read('build/azureml-experiments.cdx.json').components.map(
        (/** @type {any} */ { name }) => name,
    );
    const libraries = read('.ci/dependencies.json').libraries.filter(
        (/** @type {any} */ { onlyTests }) => !onlyTests,
    );
    const native = libraries.map((/** @type {any} */ { title }) => title);
    for (const part of [...native, 'Zig', 'vscode-languageclient', 'semver', 'minimatch', 'uplot']) {
        assert.ok(names.includes(part), `${part} is not among ${names.join(', ')}`);
    }
});

test(
    'on a Debian with only Python, a script runs as an experiment',
    { skip, timeout: 600_000 },
    async (t) => {
        const clean = CleanRoot.open('bookworm');
        t.after(killWhatRuns);
        t.after(() => clean.remove());
        unpackZip(vsix, 'extension', clean.outside('unpacked'));
        const aml = clean.inside('unpacked/bin/aml');
        const ended = await clean.start([aml, 'version']).ended;
        const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
        assert.ok(ended.stdout.includes(version), ended.stderr);

        const emulator = clean.start([
            aml,
            'emulator',
            '--state',
            clean.inside('state'),
            '--environments',
            'system',
        ]);
        const [line] = await emulator.output(/^\{.*\}$/m);
        const ready = JSON.parse(line);
        const environment = {
            AZUREML_ARM_ENDPOINT: ready.armEndpoint,
            AZURE_TENANT_ID: ready.tenantId,
            AZURE_CLIENT_ID: ready.clientId,
            AZURE_CLIENT_SECRET: ready.clientSecret,
        };
        fs.mkdirSync(clean.outside('project'));
        fs.writeFileSync(
            clean.outside('project/train.py'),
            'print("trained on", __import__("sys").platform)\n',
        );
        fs.writeFileSync(clean.outside('project/requirements.txt'), '');
        const where = ['--workspace', ready.workspace, '--experiment', 'clean', '--compute', 'serverless'];
        const how = ['--environment', 'general', '--follow', '--json'];
        const run = await clean.start([aml, 'run', 'project/train.py', ...where, ...how], environment).ended;
        assert.equal(run.code, 0, `${run.stderr}\n${emulator.stderr}`);
        const events = run.stdout
            .trim()
            .split('\n')
            .map((text) => JSON.parse(text));
        assert.equal(events.at(-1).status, 'Completed');
        assert.match(events.map(({ text = '' }) => text).join(''), /trained on linux/);
        await emulator.kill('SIGTERM');
    },
);
