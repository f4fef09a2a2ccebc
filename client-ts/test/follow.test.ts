import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow } from '../webview/follow';

interface Answer {
    readonly revision: number;
}

/** Follows what a test scripts, question by question; ends when the script does. */
async function play(script: readonly (number | Error)[]) {
    const stop = new AbortController();
    const asked: (number | undefined)[] = [];
    const shown: number[] = [];
    const problems: (string | undefined)[] = [];
    const waits: number[] = [];
    const ask = (revision: number | undefined): Promise<Answer> => {
        const next = script[asked.length];
        if (next === undefined) {
            stop.abort();
            return Promise.reject(new Error('over'));
        }
        asked.push(revision);
        return next instanceof Error ? Promise.reject(next) : Promise.resolve({ revision: next });
    };
    const wait = (milliseconds: number): Promise<void> => {
        waits.push(milliseconds);
        return Promise.resolve();
    };
    const show = ({ revision }: Answer): void => void shown.push(revision);
    const showProblem = (error: Error | undefined): void => void problems.push(error?.message);
    await follow({ ask, show, showProblem, wait }, stop.signal);
    return { asked, shown, problems, waits };
}

void test('each answer is shown and the next newer one is asked for', async () => {
    const { asked, shown, problems, waits } = await play([3, 4, 9]);
    assert.deepEqual(asked, [undefined, 3, 4]);
    assert.deepEqual(shown, [3, 4, 9]);
    assert.deepEqual([problems, waits], [[], []]);
});

void test('after a failure it is asked afresh, ever later, and the problem goes away', async () => {
    const down = new Error('Azure cannot be reached.');
    const { asked, shown, problems, waits } = await play([3, down, down, 1, down, 2]);
    assert.deepEqual(asked, [undefined, 3, undefined, undefined, 1, undefined]);
    assert.deepEqual(shown, [3, 1, 2]);
    assert.deepEqual(problems, [down.message, down.message, undefined, down.message, undefined]);
    assert.deepEqual(waits, [1000, 2000, 1000]);
});

void test('it never waits longer than half a minute', async () => {
    const { waits } = await play(Array.from({ length: 9 }, () => new Error('down')));
    assert.equal(Math.max(...waits), 30_000);
});

void test('an answer that is not newer is not shown again, nor asked for without end', async () => {
    const { shown, waits } = await play([3, 3, 3]);
    assert.deepEqual(shown, [3]);
    assert.deepEqual(waits, [1000, 1000]);
});

void test('nothing is shown that comes after the end', async () => {
    const stop = new AbortController();
    const ask = (): Promise<Answer> => {
        stop.abort();
        return Promise.resolve({ revision: 1 });
    };
    const show = (): never => assert.fail('shown');
    await follow({ ask, show, showProblem: show, wait: () => Promise.resolve() }, stop.signal);
});
