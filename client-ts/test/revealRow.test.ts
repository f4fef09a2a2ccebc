import assert from 'node:assert/strict';
import test from 'node:test';
import { revealRow } from '../src/model/revealRow';

/** A view that stops above the row as often as told. */
class SlowView {
    selection: string[] = ['before'];
    asked = 0;
    pauses: number[] = [];
    readonly #stops: number;

    constructor(stops: number) {
        this.#stops = stops;
    }

    reveal = (id: string): Promise<void> => {
        this.asked += 1;
        if (this.asked > this.#stops) this.selection = [id];
        return Promise.resolve();
    };

    pause = (milliseconds: number): Promise<void> => {
        this.pauses.push(milliseconds);
        return Promise.resolve();
    };
}

void test('a row that arrives at once is asked for once', async () => {
    const view = new SlowView(0);
    await revealRow(view, 'run', view.pause);
    assert.equal(view.asked, 1);
    view.selection = ['run'];
    await revealRow(view, 'run', view.pause);
    assert.equal(view.asked, 2);
});

void test('a row above which VS Code stops is asked for again, ever later', async () => {
    const view = new SlowView(3);
    await revealRow(view, 'run', view.pause);
    assert.deepEqual(view.selection, ['run']);
    assert.deepEqual(view.pauses, [100, 200, 400]);
});

void test('a row that never arrives is given up', async () => {
    const view = new SlowView(Infinity);
    await revealRow(view, 'run', view.pause);
    assert.equal(view.asked, 8);
});

void test('who selects another row meanwhile keeps it', async () => {
    const view = new SlowView(Infinity);
    const select = (): Promise<void> => {
        view.selection = ['another'];
        return Promise.resolve();
    };
    await revealRow(view, 'run', select);
    assert.equal(view.asked, 2);
    assert.deepEqual(view.selection, ['another']);
});
