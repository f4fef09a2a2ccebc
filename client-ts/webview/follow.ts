/** What following needs from the page. */
export interface Followed<Answer extends { readonly revision: number }> {
    /** Answers at once without a revision, else when there is something newer than it. */
    readonly ask: (revision: number | undefined, signal: AbortSignal) => Promise<Answer>;
    readonly show: (answer: Answer) => void;
    /** Shows why there is no answer now; undefined: there is one again. */
    readonly showProblem: (error: Error | undefined) => void;
    readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const firstWait = 1000;
const longestWait = 30_000;

/** Shows what is newest again and again until the signal is aborted: after a failure it asks again, ever later. */
export async function follow<Answer extends { readonly revision: number }>(
    { ask, show, showProblem, wait }: Followed<Answer>,
    signal: AbortSignal,
): Promise<void> {
    let revision: number | undefined;
    let failures = 0;
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
        try {
            const answer = await ask(revision, signal);
            if (isOver()) return;
            if (failures > 0) showProblem(undefined);
            failures = 0;
            // Answered with what is known: some breath, lest the two go round and round.
            if (answer.revision === revision) await wait(firstWait, signal);
            else show(answer);
            revision = answer.revision;
        } catch (error) {
            if (isOver()) return;
            showProblem(error instanceof Error ? error : new Error(String(error)));
            revision = undefined;
            await wait(Math.min(longestWait, firstWait * 2 ** failures), signal).catch(() => undefined);
            failures += 1;
        }
    }
}
