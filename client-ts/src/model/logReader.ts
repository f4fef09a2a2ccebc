import type { RunsLogParams, RunsLogResult } from '../protocol.gen';
import { LogText } from './logText';

/** What is asked for, of whatever log. */
export type LogQuestion = Pick<RunsLogParams, 'offset' | 'wait' | 'last'>;

/** What a reader is given by whoever knows the server. */
export interface LogSource {
    readonly read: (question: LogQuestion, stop: AbortSignal) => Promise<RunsLogResult>;
    /** Whether it is of use to ask again after a failure. */
    readonly isPassing: (error: unknown) => boolean;
    readonly pause: (milliseconds: number, stop: AbortSignal) => Promise<unknown>;
    /** Called when there is something new, be it a problem. */
    readonly onNews: () => void;
}

const longestPause = 30_000;

/** Reads the end of a log and follows it to the end of the run, whatever fails meanwhile. */
export class LogReader {
    readonly #source: LogSource;
    readonly #limit: number;
    #stop: AbortController | undefined;
    #complete = false;
    #offset: number | undefined;
    readonly text: LogText;
    /** The file that is shown; empty while the run has none. */
    path = '';
    files: readonly string[] = [];
    /** Why nothing comes at the moment. After one an answer is not waited for, so that it does not stay for long. */
    problem: string | undefined;

    /** @param limit how many bytes are asked for at first, and how many characters are kept */
    constructor(source: LogSource, limit: number) {
        this.#source = source;
        this.#limit = limit;
        this.text = new LogText(limit);
    }

    /** Bytes of the log that were read, and those before them. */
    get size(): number {
        return this.#offset ?? 0;
    }

    get isFollowing(): boolean {
        return this.#stop !== undefined;
    }

    /** Whether the run is over and its log was read to the end. */
    get isComplete(): boolean {
        return this.#complete;
    }

    /** Goes on until the end or `stop`, if it does not do so already. Ends when it does. */
    async follow(): Promise<void> {
        if (this.isFollowing || this.#complete) return;
        const stop = new AbortController();
        const isStopped = (): boolean => stop.signal.aborted;
        this.#stop = stop;
        let failures = 0;
        while (!isStopped()) {
            try {
                const isMore = await this.#readNext(stop.signal);
                failures = 0;
                if (!isMore) this.stop();
            } catch (error) {
                if (isStopped()) return;
                this.problem = error instanceof Error ? error.message : String(error);
                const isPassing = this.#source.isPassing(error);
                if (!isPassing) this.stop();
                this.#source.onNews();
                const delay = Math.min(1000 * 2 ** failures, longestPause);
                if (isPassing) await this.#source.pause(delay, stop.signal);
                failures += 1;
            }
        }
    }

    stop(): void {
        this.#stop?.abort();
        this.#stop = undefined;
    }

    /** Returns whether more may come. */
    async #readNext(stop: AbortSignal): Promise<boolean> {
        const isFirst = this.#offset === undefined;
        const question = isFirst
            ? { offset: 0, last: this.#limit }
            : { offset: this.#offset ?? 0, wait: this.problem === undefined };
        const part = await this.#source.read(question, stop);
        if (stop.aborted) return false;
        const isRestart = part.restarted === true;
        // Another server, which does not know what was read, may go on in a better log.
        const isAnother = !isFirst && !isRestart && this.path !== '' && part.path !== this.path;
        if (isAnother) {
            this.#offset = undefined;
            return true;
        }
        if (isFirst || isRestart) this.text.restart(part.offset);
        const isNews = isFirst || isRestart || part.text !== '' || this.problem !== undefined;
        this.text.append(part.text);
        this.problem = undefined;
        this.path = part.path;
        this.files = part.files;
        this.#offset = part.nextOffset;
        this.#complete = part.complete;
        if (isNews || part.complete) this.#source.onNews();
        return !part.complete;
    }
}
