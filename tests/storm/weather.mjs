// @ts-check
// What goes wrong in the storm, and the dice that decide when.

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). @param {number} seed */
export function dice(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

const job = { method: 'PUT', route: '**/jobs/*' };
const reads = { method: 'GET', route: '**' };
const state = { method: 'POST', route: '**/batchrundata' };

/** @param {string} code @param {string} message */
const refusal = (code, message) => ({ error: { code, message, details: [] } });

/**
 * The fault rules: every kind of fault there is, on every kind of call. The first that fires wins.
 * @param {number} seed
 */
export function weather(seed) {
    return {
        seed,
        // Beyond every lifetime of a signature that is checked to the minute.
        clockSkewMs: 7 * 60_000,
        rules: [
            // Refusals: the user has to be told, and there is no run.
            {
                ...job,
                probability: 0.02,
                status: 409,
                body: refusal(
                    'OperationNotAllowed',
                    'Operation could not be completed as it results in exceeding approved Total Regional Cores quota. ' +
                        'Additional details - Location: eastus, Current Limit: 10, Current Usage: 8, Additional Required: 4.',
                ),
            },
            {
                ...job,
                probability: 0.02,
                status: 403,
                body: refusal(
                    'AuthorizationFailed',
                    "The client 'ada' does not have authorization to perform action " +
                        "'Microsoft.MachineLearningServices/workspaces/jobs/write' over scope '/subscriptions/s'.",
                ),
            },
            // The call that matters most gets the most: before and after the service has acted.
            { ...job, probability: 0.06, status: 429, headers: { 'Retry-After': '1' } },
            { ...job, probability: 0.05, status: 429, retryAfterDate: 1 },
            { ...job, probability: 0.06, status: 500 },
            { ...job, probability: 0.06, status: 500, stage: 'after' },
            { ...job, probability: 0.05, status: 503, stage: 'after' },
            { ...job, probability: 0.06, reset: true },
            { ...job, probability: 0.08, reset: true, stage: 'after' },
            { ...job, probability: 0.06, truncate: true },
            { ...job, probability: 0.05, cut: true },
            { ...job, probability: 0.05, trickleMs: 400 },
            { ...job, probability: 0.05, expired: true },
            { ...job, probability: 0.06, delayMs: 400 },
            // What the watcher asks.
            { ...state, probability: 0.05, status: 429, headers: { 'Retry-After': '1' } },
            { ...state, probability: 0.05, status: 503, retryAfterDate: 1 },
            { ...state, probability: 0.05, reset: true },
            { ...state, probability: 0.05, truncate: true },
            { ...state, probability: 0.05, cut: true },
            { ...state, probability: 0.05, trickleMs: 400 },
            { ...state, probability: 0.05, expired: true },
            // Everything else, the upload included.
            { route: '**', probability: 0.01, expired: true },
            { route: '**', probability: 0.02, trickleMs: 200 },
            { route: '**', probability: 0.02, delayMs: 300 },
            { route: '**', probability: 0.02, reset: true },
            { route: '**', method: 'PUT', probability: 0.02, reset: true, stage: 'after' },
            { ...reads, probability: 0.02, status: 503 },
            { ...reads, probability: 0.02, status: 429, headers: { 'Retry-After': '1' } },
            { ...reads, probability: 0.02, truncate: true },
            { ...reads, probability: 0.02, cut: true },
            { method: 'PUT', route: '**', probability: 0.02, status: 500 },
        ],
    };
}
