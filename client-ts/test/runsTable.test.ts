import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunsColumn } from '../src/protocol.gen';
import { parseViews, viewsOf, viewsText, withView } from '../src/model/viewsFile';
import { csvOf } from '../webview/csv';
import { conditionsOf, withCondition } from '../webview/runs/filterText';
import { Selection } from '../webview/runs/selection';

const loss: RunsColumn = {
    id: 'metrics.loss',
    title: 'loss',
    group: 'metric',
    isNumber: true,
    varies: true,
};
const parameter: RunsColumn = {
    ...loss,
    id: 'params.learning rate',
    title: 'learning rate',
    group: 'parameter',
};
const status: RunsColumn = { ...loss, id: 'status', title: 'State', group: 'run', isNumber: false };
const run = { status: 'Completed', title: 'calm "river"' } as const;

void test('a cell suggests conditions in the server’s words', () => {
    const all = [status, loss, parameter];
    assert.deepEqual(conditionsOf(parameter, '0.1', run, all), [
        '"learning rate" = 0.1',
        '"learning rate" != 0.1',
    ]);
    assert.deepEqual(conditionsOf(loss, '0.25', run, all), ['loss >= 0.25', 'loss <= 0.25']);
    assert.deepEqual(conditionsOf(status, '已完成', run, all), ['status = Completed', 'status != Completed']);
    const name = { ...status, id: 'name', title: 'Name' };
    assert.equal(conditionsOf(name, '', run, all)[0], 'name = "calm \\"river\\""');
});

void test('a title that several columns have is none to filter by', () => {
    const other = { ...loss, id: 'params.loss', group: 'parameter' } as const;
    assert.equal(conditionsOf(loss, '1', run, [loss, other])[0], 'metrics.loss >= 1');
    const tag = { ...loss, id: 'tags.status', title: 'Status', group: 'tag' } as const;
    assert.equal(conditionsOf(tag, '1', run, [status, tag])[0], 'tags.status = 1');
});

void test('nothing is suggested for times, for nothing, and for more than one line', () => {
    const duration = { ...status, id: 'duration', isNumber: true };
    assert.deepEqual(conditionsOf(duration, '5 min', run, [duration]), []);
    assert.deepEqual(conditionsOf(loss, '', run, [loss]), []);
    assert.deepEqual(conditionsOf(parameter, 'a\nb', run, [parameter]), []);
});

void test('words that mean something else are put in quotes', () => {
    const text = (value: string): string | undefined =>
        conditionsOf({ ...parameter, title: 'p' }, value, run, [])[0];
    assert.equal(text('and'), 'p = "and"');
    assert.equal(text('a<b'), 'p = "a<b"');
    assert.equal(text('c:\\x'), 'p = "c:\\\\x"');
    assert.equal(text('1e-3'), 'p = 1e-3');
});

void test('a condition is added once', () => {
    assert.equal(withCondition(' ', 'a = 1'), 'a = 1');
    assert.equal(withCondition('a = 1', 'a = 1'), 'a = 1');
    assert.equal(withCondition('a = 1', 'b = 2'), 'a = 1 and b = 2');
    assert.equal(withCondition('a = 1 and b = 2', 'b = 2'), 'a = 1 and b = 2');
    assert.equal(withCondition('a = 1', 'a = 12'), 'a = 1 and a = 12');
});

void test('selected runs keep their styles, and one that is free is given again', () => {
    let changes = 0;
    const selection = new Selection([], () => {
        changes += 1;
    });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id, title: id, isFinal: false }));
    assert.ok(a && b && c);
    for (const one of [a, b, c]) selection.toggle(one);
    selection.toggle(b);
    assert.deepEqual(
        [selection.styleOf('a'), selection.styleOf('b'), selection.styleOf('c')],
        [0, undefined, 2],
    );
    selection.toggle({ ...b, id: 'd' });
    assert.equal(selection.styleOf('d'), 1);
    assert.equal(changes, 5);
    selection.learn([a, { id: 'x', title: 'x', isFinal: true }]);
    assert.equal(changes, 5);
    selection.learn([{ ...a, title: 'renamed', isFinal: true }]);
    assert.deepEqual(selection.runs[0], { id: 'a', title: 'renamed', style: 0, isFinal: true });
    selection.toggle({ id: 'jobs/f', title: 'c', isFinal: true });
    assert.deepEqual(
        selection.runs.map((one) => selection.nameOf(one)),
        ['renamed', 'c (c)', 'b', 'c (f)'],
    );
    selection.clear();
    assert.deepEqual([selection.runs.length, changes], [0, 8]);
});

void test('cells of CSV are quoted where they must be, and none is a formula', () => {
    const lines = [
        ['a', 'b,c', 'd"e', 'f\ng'],
        ['=1+1', '-0.5', '-x', '+0.02'],
    ];
    assert.equal(csvOf(lines), 'a,"b,c","d""e","f\ng"\r\n\'=1+1,-0.5,\'-x,+0.02\r\n');
});

const view = { filter: 'loss < 1', sort: [{ column: 'metrics.loss', descending: false }] };

void test('a view is kept beside those of other tables, and deleted again', () => {
    const before = parseViews('{ "other": { "x": { "filter": "" } }, "strange": 5 }');
    const file = withView(before, 'table', 'best', { ...view, evil: true });
    assert.deepEqual(viewsOf(file, 'table'), { best: view });
    assert.deepEqual(withView(file, 'table', 'best', undefined), before);
    const text = viewsText(file);
    assert.deepEqual(parseViews(text), file);
    assert.ok(text.endsWith('}\n') && text.indexOf('"other"') < text.indexOf('"table"'));
});

void test('a view says which runs come first', () => {
    const pinned = { filter: '', sort: [], pinned: ['a', 'b'] };
    assert.deepEqual(viewsOf(withView({}, 'table', 'best', pinned), 'table'), { best: pinned });
});

void test('what is no view is left alone and not shown', () => {
    const file = parseViews(
        '{ "table": { "__proto__": 1, "a": { "filter": 5 }, "b": { "filter": "x", "sort": [1], "columns": ["c", 2], "baseline": {} } } }',
    );
    assert.deepEqual(viewsOf(file, 'table'), { b: { filter: 'x', sort: [], columns: ['c'] } });
    assert.deepEqual(viewsOf(parseViews(' '), 'table'), {});
    assert.deepEqual(viewsOf(file, 'toString'), {});
    assert.throws(() => parseViews('[]'), SyntaxError);
    assert.throws(() => parseViews('{'), SyntaxError);
});
