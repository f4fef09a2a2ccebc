import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLogLine } from '../src/model/logLine';

void test('a line of the log keeps its level and loses its time', () => {
    const line = parseLogLine('22:05:01.234 I http GET /subscriptions 200');
    assert.deepEqual(line, { level: 'info', text: 'http GET /subscriptions 200' });
    assert.equal(parseLogLine('22:05:01.234 D rpc --> initialize').level, 'debug');
    assert.equal(parseLogLine('22:05:01.234 E submit it failed').level, 'error');
});

void test('what is no line of the log is an error, whole', () => {
    const text = 'aml: error while loading shared libraries: libcpprest.so.2.10';
    assert.deepEqual(parseLogLine(text), { level: 'error', text });
});
