import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, fill, stopwatch, valueText } from '../webview/numbers';

void test('placeholders are filled in, in any order, and only once', () => {
    assert.equal(fill('{1} of {0}: {2}', 'a', '{0}'), '{0} of a: {2}');
});

void test('values have six significant digits', () => {
    assert.equal(valueText(0.1 + 0.2), '0.3');
    assert.equal(valueText(1234567), '1234570');
    assert.equal(valueText(1e-9), '1e-9');
    assert.equal(valueText(NaN), 'NaN');
    assert.equal(valueText(-Infinity), '-Infinity');
});

void test('a stopwatch shows hours, minutes and seconds, and never runs backwards', () => {
    assert.equal(stopwatch(0), '0:00:00');
    assert.equal(stopwatch(3_723_999), '1:02:03');
    assert.equal(stopwatch(360_000_000), '100:00:00');
    assert.equal(stopwatch(-5000), '0:00:00');
});

void test('bytes are told in the largest unit that fits', () => {
    assert.equal(bytesText(0, 'en'), '0 byte');
    assert.equal(bytesText(999, 'en'), '999 byte');
    assert.equal(bytesText(102_400_000, 'en'), '102.4 MB');
});
