// @ts-check
// The package on a machine that has nothing but the C library.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';

import { root } from '../support/processes.mjs';
import { vsix } from './editor.mjs';

const needsRoot = process.getuid?.() === 0 ? false : 'only root can change the root directory';

/** A root directory made of Debian's C library and the unpacked extension, and nothing else. */
function bareRoot() {
    const bare = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-bare-'));
    const packages = path.join(bare, 'packages');
    fs.mkdirSync(packages);
    execFileSync('apt-get', ['download', '--quiet', 'libc6'], { cwd: packages, stdio: 'pipe' });
    for (const name of fs.readdirSync(packages))
        execFileSync('dpkg-deb', ['--extract', path.join(packages, name), bare]);
    if (!fs.existsSync(path.join(bare, 'lib64'))) fs.symlinkSync('usr/lib64', path.join(bare, 'lib64'));
    fs.mkdirSync(path.join(bare, 'tmp'));
    execFileSync('python3', ['-m', 'zipfile', '--extract', vsix, path.join(bare, 'unpacked')]);
    for (const name of ['aml', 'aml-emulator'])
        fs.chmodSync(path.join(bare, 'unpacked/extension/bin', name), 0o755);
    // The kernel's file system of processes is not mounted here; this is where the loader asks for the program's folder.
    fs.mkdirSync(path.join(bare, 'proc/self'), { recursive: true });
    fs.symlinkSync('/unpacked/extension/bin/aml', path.join(bare, 'proc/self/exe'));
    return bare;
}

test('the packaged programs run where only the C library is installed', { skip: needsRoot }, async (t) => {
    const bare = bareRoot();
    t.after(() => fs.rmSync(bare, { recursive: true, force: true }));
    const bin = '/unpacked/extension/bin';
    const version = execFileSync('chroot', [bare, `${bin}/aml`, 'version'], { encoding: 'utf8' });
    const { version: expected } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    assert.match(version, new RegExp(expected.replaceAll('.', '\\.')));

    const emulator = spawn('chroot', [bare, `${bin}/aml-emulator`, '--state', '/tmp/state'], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => emulator.once('exit', resolve));
    t.after(async () => {
        emulator.kill('SIGTERM');
        await ended;
    });
    const line = await new Promise((resolve) =>
        createInterface({ input: emulator.stdout }).once('line', resolve),
    );
    const { armEndpoint } = JSON.parse(line);
    const reply = await fetch(`${armEndpoint}/metadata/endpoints?api-version=2022-09-01`);
    assert.equal(reply.status, 200);
});
