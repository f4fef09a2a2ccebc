import assert from 'node:assert/strict';
import test from 'node:test';
import { RowRevealer } from '../src/model/rowRevealer';

/** A view that stops above its rows as often as told. */
class SlowView {
    selection: readonly string[] = ['before'];
    visible = true;
    readonly asked: string[] = [];
    readonly pauses: number[] = [];
    /** What happens in each pause. */
    meanwhile: () => void = () => undefined;
    readonly #stops: number;

    constructor(stops: number) {
        this.#stops = stops;
    }

    readonly reveal = (id: string): Promise<void> => {
        this.asked.push(id);
        if (this.asked.length > this.#stops) this.selection = [id];
        return Promise.resolve();
    };

    readonly pause = (milliseconds: number): Promise<void> => {
        this.pauses.push(milliseconds);
        this.meanwhile();
        return Promise.resolve();
    };

    readonly rows = new RowRevealer(this, this.pause);
}

void test('a row that arrives at once is asked for once', async () => {
    const view = new SlowView(0);
    await view.rows.reveal('run');
    await view.rows.reveal('run');
    assert.deepEqual(view.asked, ['run', 'run']);
});

void test('a row above which VS Code stops is asked for again, ever later', async () => {
    const view = new SlowView(3);
    await view.rows.reveal('run');
    assert.deepEqual(view.selection, ['run']);
    assert.deepEqual(view.pauses, [100, 200, 400]);
});

void test('a row that never arrives is given up', async () => {
    const view = new SlowView(Infinity);
    await view.rows.reveal('run');
    assert.equal(view.asked.length, 8);
});

void test('who selects another row meanwhile keeps it', async () => {
    const view = new SlowView(Infinity);
    view.meanwhile = () => {
        view.selection = ['another'];
    };
    await view.rows.reveal('run');
    assert.equal(view.asked.length, 2);
    assert.deepEqual(view.selection, ['another']);
});

void test('who turns to another view meanwhile is left there', async () => {
    const view = new SlowView(Infinity);
    view.meanwhile = () => {
        view.visible = false;
    };
    await view.rows.reveal('run');
    assert.equal(view.asked.length, 2);
});

void test('of several rows the last one is shown', async () => {
    const view = new SlowView(1);
    const first = view.rows.reveal('first');
    const second = view.rows.reveal('second');
    const third = view.rows.reveal('third');
    await Promise.all([first, second, third]);
    assert.deepEqual(view.asked, ['third', 'third']);
    assert.deepEqual(view.selection, ['third']);
});

void test('a row that cannot be shown does not keep the next one', async () => {
    const view = new SlowView(0);
    const failing = new RowRevealer(
        {
            selection: [],
            visible: true,
            reveal: (id) => (id === 'gone' ? Promise.reject(new Error('gone')) : view.reveal(id)),
        },
        view.pause,
    );
    await assert.rejects(failing.reveal('gone'), /gone/);
    await failing.reveal('run');
    assert.equal(view.asked[0], 'run');
});
