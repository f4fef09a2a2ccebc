import type { RunsSeriesParams, RunsSeriesResult, SeriesWindow } from '../src/protocol.gen';

/** A window of one line. */
export interface WantedSeries extends Pick<RunsSeriesParams, 'axis' | 'from' | 'to' | 'width' | 'smoothing'> {
    readonly metric: string;
    /** How many of its points are known. */
    readonly after: number;
}

type AskSeries = (params: Omit<RunsSeriesParams, 'id'>, signal: AbortSignal) => Promise<RunsSeriesResult>;

interface Waiting {
    readonly wanted: WantedSeries;
    readonly signal: AbortSignal;
    readonly resolve: (window: SeriesWindow) => void;
    readonly reject: (error: unknown) => void;
}

/** The most that one question may be about. */
const mostMetrics = 100;

/** Asks for what several plots want at the same moment in one question for each kind of window. */
export class SeriesFeed {
    readonly #ask: AskSeries;
    #waiting: Waiting[] = [];

    constructor(ask: AskSeries) {
        this.#ask = ask;
    }

    /** Rejects with the signal's reason once that is aborted; the question ends when nobody waits for it. */
    async get(wanted: WantedSeries, signal: AbortSignal): Promise<SeriesWindow> {
        return new Promise((resolve, reject) => {
            this.#waiting.push({ wanted, signal, resolve, reject });
            if (this.#waiting.length === 1) queueMicrotask(() => this.#send());
        });
    }

    #send(): void {
        const groups = new Map<string, Waiting[]>();
        for (const one of this.#waiting) {
            const { axis, from, to, width, smoothing } = one.wanted;
            const key = JSON.stringify([axis, from, to, width, smoothing]);
            groups.set(key, [...(groups.get(key) ?? []), one]);
        }
        this.#waiting = [];
        for (const group of groups.values()) {
            for (let i = 0; i < group.length; i += mostMetrics)
                void this.#sendOne(group.slice(i, i + mostMetrics));
        }
    }

    async #sendOne(group: readonly Waiting[]): Promise<void> {
        const [first] = group;
        if (first === undefined) return;
        const { axis, from, to, width, smoothing } = first.wanted;
        const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        const metrics = group.map(({ wanted: { metric, after } }) => ({
            metric,
            ...(after > 0 && { after }),
        }));
        const params = { metrics, axis, width, ...range, ...(smoothing !== undefined && { smoothing }) };
        const question = new AbortController();
        for (const { signal, reject } of group) {
            const leave = (): void => {
                reject(signal.reason);
                if (group.every((one) => one.signal.aborted)) question.abort();
            };
            if (signal.aborted) leave();
            else signal.addEventListener('abort', leave, { once: true });
        }
        try {
            question.signal.throwIfAborted();
            const { series } = await this.#ask(params, question.signal);
            group.forEach(({ resolve, reject }, index) => {
                const window = series[index];
                if (window === undefined) reject(new Error('There is no answer for this metric.'));
                else resolve(window);
            });
        } catch (error) {
            for (const { reject } of group) reject(error);
        }
    }
}
