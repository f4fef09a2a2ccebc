import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ResponseError } from 'vscode-languageclient';
import { deferred } from '../model/deferred';
import type { LogAddress } from '../model/logAddress';
import { LogReader } from '../model/logReader';
import type { LogLines } from '../model/logText';
import { sizeText } from '../model/sizes';
import type { ErrorData, RunsLogParams, RunsLogResult } from '../protocol.gen';
import { isInterrupted } from '../server';

/** Asks the server for a piece of a log. */
export type ReadLog = (params: RunsLogParams, stop: AbortSignal) => Promise<RunsLogResult>;

/** Kept of a log, in characters. */
const most = 4 * 1024 * 1024;

/** What a document says: lines of the log behind `above` lines of ours. */
interface Shown {
    readonly lines: LogLines;
    readonly above: number;
    /** How many lines of the log have gone so far. */
    readonly dropped: number;
}

/** A log that is open: what its document says, and what of it is still to come. */
export class LogDocument {
    readonly uri: vscode.Uri;
    readonly address: LogAddress;
    readonly reader: LogReader;
    readonly #loaded = deferred<undefined>();
    #content: Uint8Array | undefined;
    /** Of the last `content`. */
    shown: Shown = { lines: [], above: 0, dropped: 0 };
    /** When the document last changed, as files have it. */
    changedAt = Date.now();

    /** `onNews` is called when the document should change. */
    constructor(uri: vscode.Uri, address: LogAddress, read: ReadLog, onNews: () => void) {
        const { run: id, path } = address;
        const about = { id, ...(path !== undefined && { path }) };
        this.uri = uri;
        this.address = address;
        this.reader = new LogReader(
            {
                read: (question, stop) => read({ ...about, ...question }, stop),
                isPassing,
                pause: (delay, signal) => setTimeout(delay, undefined, { signal }).catch(() => undefined),
                onNews: () => {
                    this.#loaded.resolve(undefined);
                    onNews();
                },
            },
            most,
        );
    }

    /** Settles when something is known of the log, be it that it cannot be read. */
    get loaded(): Promise<unknown> {
        return this.#loaded.promise;
    }

    /** Whether lines of the log lie before those that are shown. */
    get isCut(): boolean {
        return this.shown.above > 0;
    }

    /** Has the next `content` say what is known by then. */
    change(): void {
        this.#content = undefined;
        this.changedAt = Math.max(Date.now(), this.changedAt + 1);
    }

    /** In UTF-8, with a byte order mark, as the user may have set another encoding for files. */
    get content(): Uint8Array {
        this.#content ??= Buffer.from(`\uFEFF${this.#compose()}`);
        return this.#content;
    }

    #compose(): string {
        const { text } = this.reader;
        const { lines, dropped } = text;
        const above = text.hidden === 0 ? [] : [aboveText(text.hidden)];
        this.shown = { lines, above: above.length, dropped };
        const log = lines.map((line) => line.text);
        const isEmpty = log.length === 1 && log[0] === '';
        const remark = this.#remark(isEmpty);
        const below = remark === undefined ? [] : [remark];
        // The empty line after a line end gives way.
        if (remark !== undefined && log.at(-1) === '') log.pop();
        return [...above, ...log, ...below].join('\n');
    }

    /** What the last line says beside the log. */
    #remark(isEmpty: boolean): string | undefined {
        const { problem, isFollowing, isComplete } = this.reader;
        if (problem !== undefined) {
            return isFollowing ? vscode.l10n.t('… {0} Trying again.', problem) : `… ${problem}`;
        }
        if (!isEmpty) return undefined;
        return isComplete ? vscode.l10n.t('The log is empty.') : vscode.l10n.t('The log is still empty.');
    }
}

function aboveText(bytes: number): string {
    return vscode.l10n.t(
        '… {0} before this are not shown. Download the log to see all of it.',
        sizeText(bytes),
    );
}

/** Whether what failed may succeed later without the user. */
function isPassing(error: unknown): boolean {
    if (!(error instanceof ResponseError) || isInterrupted(error)) return true;
    const { data } = error as ResponseError<ErrorData | undefined>;
    return ['Unavailable', 'TimedOut', 'Throttled', 'AzureFailed'].includes(data?.kind ?? '');
}
