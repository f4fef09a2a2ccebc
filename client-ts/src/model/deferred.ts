/** A promise that somebody else settles. */
export interface Deferred<T> {
    readonly promise: Promise<T>;
    readonly resolve: (value: T | PromiseLike<T>) => void;
    readonly reject: (reason: Error) => void;
}

export function deferred<T>(): Deferred<T> {
    let settle!: Omit<Deferred<T>, 'promise'>;
    const promise = new Promise<T>((resolve, reject) => {
        settle = { resolve, reject };
    });
    promise.catch(() => undefined); // Nobody may be waiting when it is rejected.
    return { promise, ...settle };
}
