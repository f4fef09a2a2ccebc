import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deferred } from '../src/model/deferred';
import { PageRequests } from '../src/model/pageRequests';
import type { HostMessage } from '../webview/messages';

/** A page whose questions a test answers. */
function serve(ask: (method: string, params: object, signal: AbortSignal) => Promise<unknown>) {
    const posted: HostMessage[] = [];
    const actions: unknown[] = [];
    const requests = new PageRequests<string>({
        ask,
        act: (action) => void actions.push(action),
        post: (message) => void posted.push(message),
        explain: (error) => ({ message: (error as Error).message, kind: 'NotFound' }),
    });
    return { requests, posted, actions };
}

/** Lets everything happen that is to happen. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

void test('a question is answered under its number', async () => {
    const { requests, posted } = serve((method, params) => Promise.resolve({ method, params }));
    requests.receive({ kind: 'ask', number: 7, method: 'runs/table', params: { offset: 3 } });
    await settled();
    const result = { method: 'runs/table', params: { offset: 3 } };
    assert.deepEqual(posted, [{ kind: 'answer', number: 7, result }]);
});

void test('a failure is explained', async () => {
    const { requests, posted } = serve(() => Promise.reject(new Error('There is no such run.')));
    requests.receive({ kind: 'ask', number: 1, method: 'runs/view', params: {} });
    await settled();
    const failure = { message: 'There is no such run.', kind: 'NotFound' };
    assert.deepEqual(posted, [{ kind: 'failure', number: 1, failure }]);
});

void test('what is cancelled has no answer, and the rest has', async () => {
    const answers = [deferred<unknown>(), deferred<unknown>()];
    const signals: AbortSignal[] = [];
    const { requests, posted } = serve(async (_, __, signal) => {
        signals.push(signal);
        return answers[signals.length - 1]?.promise;
    });
    requests.receive({ kind: 'ask', number: 1, method: 'runs/view', params: {} });
    requests.receive({ kind: 'ask', number: 2, method: 'runs/view', params: {} });
    requests.receive({ kind: 'cancel', number: 1 });
    assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true, false],
    );
    for (const answer of answers) answer.resolve('newer');
    await settled();
    assert.deepEqual(posted, [{ kind: 'answer', number: 2, result: 'newer' }]);
});

void test('a page that is hidden has all its questions ended', async () => {
    const signals: AbortSignal[] = [];
    const { requests, posted } = serve(async (_, __, signal) => {
        signals.push(signal);
        return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('cancelled')));
        });
    });
    for (const number of [1, 2, 3])
        requests.receive({ kind: 'ask', number, method: 'runs/view', params: {} });
    requests.cancel();
    await settled();
    assert.ok(signals.every(({ aborted }) => aborted));
    assert.deepEqual(posted, []);
});

void test('an action is handed on', () => {
    const { requests, actions } = serve(() => Promise.resolve());
    requests.receive({ kind: 'act', action: 'showLog' });
    assert.deepEqual(actions, ['showLog']);
});
