import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RestartPolicy } from '../src/model/restartPolicy';
import { hasPackage, thisTarget } from '../src/model/target';

void test('a server that ends is restarted with a doubling delay and given up after five ends', () => {
    const policy = new RestartPolicy();
    const delays = [0, 1000, 2000, 3000, 4000].map((now) => policy.next(now));
    assert.deepEqual(delays, [500, 1000, 2000, 4000, undefined]);
});

void test('ends that lie long enough apart are each a first end', () => {
    const policy = new RestartPolicy();
    for (let i = 0; i < 20; i++) assert.equal(policy.next(i * 180_000), 500);
});

void test('a start asked for by the user forgets the past', () => {
    const policy = new RestartPolicy();
    for (let i = 0; i < 5; i++) policy.next(i);
    policy.reset();
    assert.equal(policy.next(6), 500);
});

void test('a system has the name that VS Code gives it', () => {
    const on = (platform: NodeJS.Platform, arch: NodeJS.Architecture, isAlpine = false): string =>
        thisTarget({ platform, arch }, isAlpine);
    assert.equal(on('linux', 'x64'), 'linux-x64');
    assert.equal(on('linux', 'arm64', true), 'alpine-arm64');
    assert.equal(on('win32', 'arm64'), 'win32-arm64');
    assert.equal(on('darwin', 'x64'), 'darwin-x64');
    assert.ok(hasPackage(on('darwin', 'arm64')));
    assert.ok(!hasPackage(on('linux', 'arm')));
    assert.ok(!hasPackage(on('freebsd', 'x64')));
});
