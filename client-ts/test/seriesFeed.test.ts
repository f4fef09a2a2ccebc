import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunsSeriesParams, RunsSeriesResult } from '../src/protocol.gen';
import { SeriesFeed, type WantedSeries } from '../webview/seriesFeed';

type Params = Omit<RunsSeriesParams, 'id'>;

const plain: WantedSeries = { metric: 'loss', after: 0, axis: 'step', width: 300 };

function answer({ metrics }: Params): RunsSeriesResult {
    const count = { points: 0, inRange: 0, drawn: 0, first: 0, x: '', y: '' };
    return { series: metrics.map(({ metric }) => ({ metric, ...count })) };
}

/** A feed whose questions are kept. */
function feedOf(
    ask: (params: Params) => Promise<RunsSeriesResult> = (params) => Promise.resolve(answer(params)),
) {
    const asked: Params[] = [];
    const signals: AbortSignal[] = [];
    const feed = new SeriesFeed((params, signal) => {
        asked.push(params);
        signals.push(signal);
        return ask(params);
    });
    return { feed, asked, signals };
}

const { signal } = new AbortController();

void test('what several plots want at once is one question, answered in order', async () => {
    const { feed, asked } = feedOf();
    const windows = await Promise.all(
        ['a/b', 'c', 'a/b'].map((metric) =>
            feed.get({ ...plain, metric, after: metric === 'c' ? 5 : 0 }, signal),
        ),
    );
    assert.deepEqual(
        windows.map(({ metric }) => metric),
        ['a/b', 'c', 'a/b'],
    );
    const metrics = [{ metric: 'a/b' }, { metric: 'c', after: 5 }, { metric: 'a/b' }];
    assert.deepEqual(asked, [{ metrics, axis: 'step', width: 300 }]);
});

void test('other windows are other questions', async () => {
    const { feed, asked } = feedOf();
    const zoomed = { ...plain, from: 3, to: 9 };
    const smoothed = { ...plain, smoothing: 0.5 };
    await Promise.all([plain, zoomed, smoothed].map((wanted) => feed.get(wanted, signal)));
    assert.deepEqual(
        asked.map(({ from, to, smoothing }) => [from, to, smoothing]),
        [
            [undefined, undefined, undefined],
            [3, 9, undefined],
            [undefined, undefined, 0.5],
        ],
    );
});

void test('no question is about more than a hundred metrics', async () => {
    const { feed, asked } = feedOf();
    const all = Array.from({ length: 201 }, (_, index) =>
        feed.get({ ...plain, metric: String(index) }, signal),
    );
    const windows = await Promise.all(all);
    assert.equal(windows.at(200)?.metric, '200');
    assert.deepEqual(
        asked.map(({ metrics }) => metrics.length),
        [100, 100, 1],
    );
});

void test('a question ends when nobody waits for it any more', async () => {
    const { feed, signals } = feedOf(() => new Promise(() => undefined));
    const ended = (): boolean[] => signals.map(({ aborted }) => aborted);
    const [one, other] = [new AbortController(), new AbortController()];
    const first = feed.get(plain, one.signal);
    const second = feed.get(plain, other.signal);
    await Promise.resolve();
    one.abort();
    await assert.rejects(first);
    assert.deepEqual(ended(), [false]);
    other.abort();
    await assert.rejects(second);
    assert.deepEqual(ended(), [true]);
});

void test('what nobody waits for any more is not asked at all', async () => {
    const { feed, asked } = feedOf();
    const stop = new AbortController();
    const gone = feed.get(plain, stop.signal);
    stop.abort();
    await assert.rejects(gone);
    assert.deepEqual(asked, []);
});

void test('a failure is everybody’s', async () => {
    const { feed } = feedOf(() => Promise.reject(new Error('No connection.')));
    for (const result of await Promise.allSettled([feed.get(plain, signal), feed.get(plain, signal)]))
        assert.equal(result.status, 'rejected');
});
