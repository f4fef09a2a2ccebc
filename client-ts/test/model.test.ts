import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSupported } from '../src/model/platform';
import { RestartPolicy } from '../src/model/restartPolicy';

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

void test('the bundled server runs on Linux x64 with a C library that is new enough', () => {
    const machine = { platform: 'linux', arch: 'x64', glibc: '2.36' };
    assert.ok(isSupported(machine));
    for (const glibc of ['2.41', '2.36.1']) assert.ok(isSupported({ ...machine, glibc }));
    for (const glibc of ['2.31', '2.9', undefined]) assert.ok(!isSupported({ ...machine, glibc }));
    assert.ok(!isSupported({ ...machine, platform: 'darwin' }));
    assert.ok(!isSupported({ ...machine, arch: 'arm64' }));
});
