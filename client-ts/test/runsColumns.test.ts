import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunsColumn, RunsColumnGroup } from '../src/protocol.gen';
import {
    defaultColumns,
    placeColumns,
    placesInView,
    possibleWidth,
    rowsInView,
    windowAround,
} from '../webview/runs/columns';
import { nextSort } from '../webview/runs/sort';

function columnOf(group: RunsColumnGroup, title: string, varies = true): RunsColumn {
    const prefix = { run: '', metric: 'metrics.', parameter: 'params.', tag: 'tags.' }[group];
    return { id: prefix + title, title, group, isNumber: group === 'metric', varies };
}

const own = ['name', 'status', 'submitted', 'duration', 'user'].map((title) => columnOf('run', title));

/** As many that vary of each. */
function some(metrics: number, parameters: number): readonly RunsColumn[] {
    const list = (group: RunsColumnGroup, count: number): readonly RunsColumn[] =>
        Array.from({ length: count }, (_, index) => columnOf(group, String(index)));
    return [...own, ...list('metric', metrics), ...list('parameter', parameters)];
}

void test('the usual columns are shown, and metrics and parameters that vary', () => {
    const columns = [
        ...own,
        columnOf('metric', 'loss'),
        columnOf('metric', 'same', false),
        columnOf('parameter', 'rate'),
        columnOf('tag', 'team'),
    ];
    assert.deepEqual(defaultColumns(columns), [
        'status',
        'submitted',
        'duration',
        'metrics.loss',
        'params.rate',
    ]);
});

void test('with the name they are twelve, half of them metrics unless there are fewer', () => {
    const counts = (metrics: number, parameters: number): readonly number[] => {
        const shown = defaultColumns(some(metrics, parameters));
        return ['metrics.', 'params.'].map((prefix) => shown.filter((id) => id.startsWith(prefix)).length);
    };
    assert.deepEqual(counts(20, 20), [4, 4]);
    assert.deepEqual(counts(20, 1), [7, 1]);
    assert.deepEqual(counts(1, 20), [1, 7]);
    assert.deepEqual(counts(20, 0), [8, 0]);
    assert.deepEqual(counts(2, 3), [2, 3]);
});

void test('columns that lie in view are found by their places, and the name always', () => {
    const places = placeColumns(some(100, 0), () => 100);
    const indices = placesInView(places, 2000, 2500, 100).map(({ index }) => index);
    assert.deepEqual(indices, [0, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    assert.equal(possibleWidth(-5), 48);
    assert.equal(possibleWidth(99_999), 800);
});

void test('rows that can be seen are those that touch the view', () => {
    assert.deepEqual(rowsInView(0, 100, 24, 1000), { offset: 0, count: 5 });
    assert.deepEqual(rowsInView(36, 48, 24, 1000), { offset: 1, count: 3 });
    assert.deepEqual(rowsInView(990 * 24, 480, 24, 1000), { offset: 990, count: 10 });
    assert.deepEqual(rowsInView(5000, 100, 24, 0), { offset: 0, count: 0 });
});

void test('rows are asked for with some around them, and again when they leave these', () => {
    const first = windowAround({ offset: 0, count: 30 }, { offset: 0, count: 0 });
    assert.deepEqual(first, { offset: 0, count: 60 });
    assert.equal(windowAround({ offset: 25, count: 30 }, first), first);
    assert.deepEqual(windowAround({ offset: 500, count: 30 }, first), { offset: 470, count: 90 });
    assert.equal(windowAround({ offset: 0, count: 999 }, first).count, 1000);
});

void test('a heading sorts, turns the order round and ends it', () => {
    const number = columnOf('metric', 'loss');
    const text = columnOf('run', 'status');
    const once = nextSort([], number, false);
    assert.deepEqual(once, [{ column: 'metrics.loss', descending: true }]);
    const twice = nextSort(once, number, false);
    assert.deepEqual(twice, [{ column: 'metrics.loss', descending: false }]);
    assert.deepEqual(nextSort(twice, number, false), []);
    assert.deepEqual(nextSort(twice, text, false), [{ column: 'status', descending: false }]);
    const both = nextSort(twice, text, true);
    assert.deepEqual(both, [...twice, { column: 'status', descending: false }]);
    assert.deepEqual(nextSort(both, text, true), [...twice, { column: 'status', descending: true }]);
    assert.deepEqual(nextSort(both, number, true), [{ column: 'status', descending: false }]);
});
