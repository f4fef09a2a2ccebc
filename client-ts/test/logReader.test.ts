import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LogReader, type LogQuestion } from '../src/model/logReader';
import type { RunsLogResult } from '../src/protocol.gen';

type Answer = Partial<RunsLogResult> | Error;

/** A reader that gets one answer after the other, and waits in vain for more. */
function readerOf(...answers: Answer[]): {
    reader: LogReader;
    asked: LogQuestion[];
    pauses: number[];
    news: string[];
    shown: () => string;
} {
    const asked: LogQuestion[] = [];
    const pauses: number[] = [];
    const news: string[] = [];
    const shown = (): string => reader.text.lines.map(({ text }) => text).join('\n');
    const reader: LogReader = new LogReader(
        {
            read: async (question, stop) => {
                asked.push(question);
                const answer = answers.shift();
                if (answer instanceof Error) throw answer;
                if (answer === undefined) {
                    return new Promise((_, reject) => {
                        stop.addEventListener('abort', () => {
                            reject(new Error('aborted'));
                        });
                    });
                }
                const { text = '', offset = 0 } = answer;
                const nextOffset = offset + Buffer.byteLength(text);
                const rest = { path: 'log', files: ['log'], complete: false };
                return Promise.resolve({ text, offset, nextOffset, ...rest, ...answer });
            },
            isPassing: (error) => error instanceof Error && error.message !== 'gone',
            pause: (milliseconds) => {
                pauses.push(milliseconds);
                return Promise.resolve();
            },
            onNews: () => {
                news.push(reader.problem ?? shown());
            },
        },
        1000,
    );
    return { reader, asked, pauses, news, shown };
}

void test('a log is read from its end and followed to the end of the run', async () => {
    const { reader, asked, news } = readerOf(
        { text: 'b\n', offset: 10 },
        { text: 'c\n', offset: 12 },
        { text: '', offset: 14, complete: true },
    );
    await reader.follow();
    assert.deepEqual(asked, [
        { offset: 0, last: 1000 },
        { offset: 12, wait: true },
        { offset: 14, wait: true },
    ]);
    assert.deepEqual(news, ['b\n', 'b\nc\n', 'b\nc\n']);
    assert.equal(reader.text.hidden, 10);
    assert.equal(reader.size, 14);
    assert.ok(reader.isComplete && !reader.isFollowing);
    await reader.follow();
    assert.equal(asked.length, 3, 'nothing more is asked');
});

void test('a better log takes the place of the first one', async () => {
    const { reader, shown } = readerOf(
        { path: '' },
        { path: 'build', text: 'building\n' },
        { path: 'std_log.txt', text: 'epoch 1\n', restarted: true, complete: true },
    );
    await reader.follow();
    assert.equal(shown(), 'epoch 1\n');
    assert.equal(reader.path, 'std_log.txt');
});

void test('another server that goes on in another log is asked for the end of that', async () => {
    const { reader, asked, shown } = readerOf(
        { path: 'build', text: 'building\n' },
        { path: 'std_log.txt', text: 'h 7\n', offset: 9 },
        { path: 'std_log.txt', text: 'epoch 7\n', complete: true },
    );
    await reader.follow();
    assert.deepEqual(asked.at(-1), { offset: 0, last: 1000 });
    assert.equal(shown(), 'epoch 7\n');
});

void test('what fails is said, tried again ever later, and forgotten when it is over', async () => {
    const { reader, asked, pauses, news } = readerOf(
        { text: 'a\n' },
        ...Array.from({ length: 7 }, () => new Error('no network')),
        { offset: 2 },
        { text: 'b\n', offset: 2, complete: true },
    );
    await reader.follow();
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    assert.deepEqual(news, ['a\n', ...Array.from({ length: 7 }, () => 'no network'), 'a\n', 'a\nb\n']);
    assert.equal(asked.at(-2)?.wait, false, 'so that the problem goes at once');
});

void test('what cannot get better by itself is tried again when it is asked for', async () => {
    const { reader, news, pauses } = readerOf(new Error('gone'), { text: 'back\n', complete: true });
    await reader.follow();
    assert.equal(reader.problem, 'gone');
    assert.ok(!reader.isFollowing);
    await reader.follow();
    assert.deepEqual(news, ['gone', 'back\n']);
    assert.deepEqual(pauses, []);
});

void test('who stops asks for nothing more, and may go on', async () => {
    const { reader, asked, news } = readerOf({ text: 'a\n' });
    const following = reader.follow();
    void reader.follow();
    await setImmediate();
    assert.equal(asked.length, 2);
    reader.stop();
    await following;
    assert.deepEqual(news, ['a\n']);
    const again = reader.follow();
    assert.deepEqual(asked.at(-1), { offset: 2, wait: true });
    reader.stop();
    await again;
});
