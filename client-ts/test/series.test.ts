import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesWindow } from '../src/protocol.gen';
import { columnsOf, decodeNumbers, join, knownPoints, placesOf } from '../webview/series';

/** As the server writes them. */
function encode(...numbers: readonly number[]): string {
    const bytes = Buffer.alloc(numbers.length * 8);
    numbers.forEach((number, index) => void bytes.writeDoubleLE(number, index * 8));
    return bytes.toString('base64');
}

function window(
    x: readonly number[],
    y: readonly number[],
    change: Partial<SeriesWindow> = {},
): SeriesWindow {
    const { length } = x;
    const count = { points: length, inRange: length, drawn: length, first: 0 };
    return { metric: 'loss', ...count, x: encode(...x), y: encode(...y), ...change };
}

void test('numbers come back bit by bit', () => {
    const numbers = [0, -0, 1.5, 1e308, 5e-324, Infinity, -Infinity, NaN, 2 ** 53];
    assert.deepEqual([...decodeNumbers(encode(...numbers))], numbers);
    assert.deepEqual([...decodeNumbers('')], []);
    assert.deepEqual([...decodeNumbers('AAAAAAAA8D8=')], [1]);
});

void test('what is cut off or no base64 is refused', () => {
    assert.throws(() => decodeNumbers('AAAA'), RangeError);
    assert.throws(() => decodeNumbers('not base64!'));
});

void test('many points come in a shorter form', () => {
    // As tests/unit/series/packed_line_test.cpp has them.
    const packed = { xBase: 10, xUnit: 5, yBase: 0, yUnit: 2 };
    const short = { x: 'AAGAAf9/gICABA==', y: 'AIA/AIC/AMB/AAAAAAA/', packed };
    const { x, y } = join(undefined, window([], [], short));
    assert.deepEqual([...x], [10, 15, 655, 82_570, 42_025_610]);
    assert.deepEqual([...y], [2, -2, NaN, 0, 1]);
    assert.throws(() => join(undefined, window([], [], { ...short, x: 'gA==' })), /cut off/);
    assert.throws(() => join(undefined, window([], [], { ...short, y: 'AAAA' })), /each point/);
    assert.throws(() => join(undefined, window([], [], { ...short, y: 'AAA=' })), /cut off/);
});

void test('new points stand behind those that stay', () => {
    const before = join(undefined, window([0, 1, 2], [3, 2, 1]));
    assert.equal(knownPoints(before), 3);
    const after = join(before, window([2, 3], [9, 8], { first: 2, points: 4, inRange: 4, drawn: 4 }));
    assert.deepEqual([...after.x], [0, 1, 2, 3]);
    assert.deepEqual([...after.y], [3, 2, 9, 8]);
    assert.equal(after.points, 4);
});

void test('an answer from the first point on replaces everything', () => {
    const before = join(undefined, window([0, 1, 2], [3, 2, 1]));
    assert.deepEqual([...join(before, window([0, 5], [1, 1])).x], [0, 5]);
});

void test('points that are said to be known and are not are missed', () => {
    assert.throws(() => join(undefined, window([3], [1], { first: 3 })), /missing/);
    assert.throws(() => join(undefined, window([3, 4], [1])), /each point/);
});

void test('of a window of which not every point is drawn none is known', () => {
    const some = join(undefined, window([0, 9], [1, 2], { points: 100, inRange: 100, drawn: 2 }));
    assert.equal(knownPoints(some), 0);
    assert.equal(knownPoints(undefined), 0);
});

void test('no number is a break of the line', () => {
    const series = join(undefined, window([0, 1, 2], [1, NaN, Infinity]));
    assert.deepEqual(columnsOf([series]).lines[0]?.raw, [1, null, null]);
});

void test('a smoothed line lies between the points of the raw one and breaks neither', () => {
    const smooth = { smoothX: encode(0.5, 1, 3), smoothY: encode(5, 6, 7) };
    const series = join(undefined, window([0, 1, 2], [1, 2, 3], smooth));
    assert.deepEqual(columnsOf([series]), {
        x: [0, 0.5, 1, 2, 3],
        lines: [{ raw: [1, undefined, 2, 3, undefined], smooth: [undefined, 5, 6, undefined, 7] }],
    });
});

void test('a scale may have no place for a value', () => {
    const series = join(undefined, window([0, 1, 2], [1, 0, -1]));
    assert.deepEqual(columnsOf([series], (value) => value > 0).lines[0]?.raw, [1, null, null]);
});

void test('several lines lie over one x, and none is broken where another has a point', () => {
    const one = join(undefined, window([0, 2, 2], [1, NaN, 3]));
    const other = join(undefined, window([1, 2], [5, 6]));
    const { x, lines } = columnsOf([one, other]);
    assert.deepEqual(x, [0, 1, 2, 2]);
    assert.deepEqual(
        lines.map(({ raw }) => raw),
        [
            [1, undefined, null, 3],
            [undefined, 5, 6, undefined],
        ],
    );
    assert.deepEqual([...placesOf([one, other])], [0, 1, 2]);
});
