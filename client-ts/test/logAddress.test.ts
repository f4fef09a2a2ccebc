import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentPath, documentQuery, readDocumentQuery } from '../src/model/logAddress';
import { sizeText } from '../src/model/sizes';
import { sourceLinks } from '../src/model/sourceLinks';

void test("a document's address says which log it shows", () => {
    for (const address of [
        { run: 'run:/subscriptions/s/a&b=c#d', path: 'user_logs/std log+1.txt' },
        { run: 'run:/x', path: undefined },
    ]) {
        assert.deepEqual(readDocumentQuery(documentQuery(address)), address);
    }
    assert.equal(readDocumentQuery('path=x'), undefined);
});

void test('a tab is named after the run, or after the file that was chosen', () => {
    assert.equal(documentPath('train'), '/train/train.log');
    assert.equal(documentPath('a/b', 'user_logs/std_log.txt'), '/a-b/std_log.txt');
});

void test('lines of tracebacks are links', () => {
    const log = 'a\n  File "/wd/train.py", line 7, in f\n    x\n| File "b.py", line 12\nFile "c", line x';
    assert.deepEqual(sourceLinks(log, 10), [
        { at: 1, start: 2, end: 29, path: '/wd/train.py', line: 7 },
        { at: 3, start: 2, end: 22, path: 'b.py', line: 12 },
    ]);
    assert.deepEqual(
        sourceLinks(log, 1).map(({ path }) => path),
        ['b.py'],
    );
});

void test('sizes are for people', () => {
    const sizes = [0, 999, 1000, 995_200_000, 999_960, 5e12].map(sizeText);
    assert.deepEqual(sizes, ['0 B', '999 B', '1.0 KB', '995.2 MB', '1.0 MB', '5.0 TB']);
});
