import type { SeriesWindow } from '../src/protocol.gen';
import type { WantedSeries } from './seriesFeed';
import { join, knownPoints, type Series } from './series';

/** Asks for a window of a line. */
export type AskWindow = (wanted: WantedSeries, signal: AbortSignal) => Promise<SeriesWindow>;

/** Which line is to be in a plot. */
export interface PlottedLine {
    /** Whose it is. */
    readonly run: string;
    readonly title: string;
    /** Number of its line style. */
    readonly style: number;
    /** Rises when there may be more of it. */
    readonly revision: number;
}

/** A line of a plot: what is known of it, and the question for what is not. */
export class PlotLine {
    readonly #ask: AskWindow;
    readonly #changed: () => void;
    #series: Series | undefined;
    #error: Error | undefined;
    #loaded = '';
    #loadedWindow = '';
    #asking: { readonly window: string; readonly stop: AbortController } | undefined;
    #revision = 0;

    /** `changed` hears of every answer and failure. */
    constructor(ask: AskWindow, changed: () => void) {
        this.#ask = ask;
        this.#changed = changed;
    }

    get series(): Series | undefined {
        return this.#series;
    }

    /** Why the last question has no answer. */
    get error(): Error | undefined {
        return this.#error;
    }

    /** Asks for a window as of a revision, unless it is known or asked for. */
    refresh(wanted: Omit<WantedSeries, 'after'>, revision: number): void {
        const window = JSON.stringify(wanted);
        const version = `${window} ${revision}`;
        this.#revision = revision;
        if (version === this.#loaded || this.#asking?.window === window) return;
        this.stop();
        const asking = { window, stop: new AbortController() };
        this.#asking = asking;
        void this.#load(wanted, window, version, asking.stop.signal).finally(() => {
            if (this.#asking !== asking) return;
            this.#asking = undefined;
            // What was logged meanwhile; a failure waits until it is asked again.
            if (this.#loaded === version) this.refresh(wanted, this.#revision);
        });
    }

    /** Stops asking. */
    stop(): void {
        this.#asking?.stop.abort();
        this.#asking = undefined;
    }

    async #load(
        wanted: Omit<WantedSeries, 'after'>,
        window: string,
        version: string,
        signal: AbortSignal,
    ): Promise<void> {
        const known = window === this.#loadedWindow ? this.#series : undefined;
        try {
            const answer = await this.#ask({ ...wanted, after: knownPoints(known) }, signal);
            this.#series = join(known, answer);
            this.#loaded = version;
            this.#loadedWindow = window;
            this.#error = undefined;
        } catch (error) {
            if (signal.aborted) return;
            this.#loaded = '';
            this.#loadedWindow = '';
            this.#error = error instanceof Error ? error : new Error(String(error));
        }
        this.#changed();
    }
}
