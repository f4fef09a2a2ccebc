/** Decides whether and when a server that ended unexpectedly is started again. */
export class RestartPolicy {
    #ends: number[] = [];

    /**
     * Notes an end at `now` (ms) and answers how long to wait before the next start in ms, doubling from half a
     * second; undefined when the server ended `limit` times within `windowMs` and should be left alone.
     */
    next(now: number, limit = 5, windowMs = 180_000): number | undefined {
        this.#ends = this.#ends.filter((end) => now - end < windowMs);
        this.#ends.push(now);
        return this.#ends.length < limit ? 500 * 2 ** (this.#ends.length - 1) : undefined;
    }

    /** Forgets the past, after the user asked for a new start. */
    reset(): void {
        this.#ends = [];
    }
}
