// @ts-check
// Rules of the tests: none depends on time, and every method and command is played by a transcript.

import assert from 'node:assert/strict';
import test from 'node:test';

import { blankCommentsAndStrings, isCpp, lineAt, projectFiles, read } from './sources.mjs';

// What sleeps, or reads a real clock. A sleep on `async::Clock` is none: which clock that is counts.
const realTime =
    /\bthis_thread::sleep|\b[un]?(?:ano)?sleep\s*\(|\b\w+_clock::now\s*\(|\bsystem_clock\s*\(\s*\)|\bsteady_timer\b|\brun_for\s*\(/g;

const exceptions = new Map([
    ['tests/support/wait_until.hpp', 'waits for what other processes and threads make true'],
    ['tests/unit/async/async_test.cpp', 'tests the real clock: it stops a sleep of an hour'],
    ['tests/integration/fixture.hpp', 'speaks to the emulator, a program that lives in real time'],
    ['tests/integration/blob_upload.cpp', 'speaks to Azurite, likewise'],
]);

test('no C++ test sleeps or reads a real clock', () => {
    const wrong = [];
    const used = new Set();
    for (const path of projectFiles((file) => file.startsWith('tests/') && isCpp(file))) {
        const text = blankCommentsAndStrings(read(path));
        for (const { index } of text.matchAll(realTime)) {
            if (exceptions.has(path)) used.add(path);
            else wrong.push(`${path}:${lineAt(text, index)}`);
        }
    }
    assert.deepEqual(wrong, [], 'use FakeClock, an event, or wait_until of tests/support');
    assert.deepEqual([...used].sort(), [...exceptions.keys()].sort(), 'an exception is not needed any more');
});

test('an end-to-end test waits for what it wants to see, not for a length of time', () => {
    const wrong = [];
    for (const path of projectFiles((file) => /^tests\/e2e\/.*\.mjs$/.test(file))) {
        const text = read(path);
        for (const { index } of text.matchAll(/\bset(Timeout|Interval)\b|timers\/promises|\bAtomics\.wait\b/g)) {
            wrong.push(`${path}:${lineAt(text, index)}`);
        }
    }
    assert.deepEqual(wrong, [], 'use until of tests/support/processes.mjs');
});

// Known to the protocol for clients, but nothing sends them so far.
const notSent = ['workspace/applyEdit', 'window/logMessage'];

test('every method of the protocol and every command is played by a transcript', () => {
    const { requests, notifications } = JSON.parse(read('protocol/protocol.json'));
    const commands = read('tests/transcripts/initialized.transcript').match(/"azureml\.[\w.]+"/g) ?? [];
    assert.notEqual(commands.length, 0);
    const wanted = new Set([
        ...[...requests, ...notifications].map(({ method }) => `"method":"${method}"`),
        ...commands.map((command) => `"command":${command}`),
    ]);
    for (const path of projectFiles((file) => /^tests\/transcripts\/.*\.transcript$/.test(file))) {
        for (const line of read(path).split('\n')) {
            if (!/^(-->|<--) /.test(line)) continue;
            for (const part of line.match(/"(method|command)":"[^"]*"/g) ?? []) wanted.delete(part);
        }
    }
    for (const method of notSent) wanted.delete(`"method":"${method}"`);
    assert.deepEqual([...wanted], [], 'write a transcript with success, the likeliest failure and cancelling');
});
