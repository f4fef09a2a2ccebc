import { plain, readLine, readStyled, type Style, type StyledText } from './ansi';

interface Line extends StyledText {
    /** In the log. */
    readonly bytes: number;
}

/** The lines of a log at one moment; after a line end there is an empty one. */
export type LogLines = readonly StyledText[];

/** The end of a log, whose first lines go when there are too many. */
export class LogText {
    readonly #limit: number;
    #lines: Line[] = [];
    /** In UTF-16 code units, with line ends. */
    #size = 0;
    /** What follows the last line end, without what it has overwritten: bytes of that, and the style left by it. */
    #rest = '';
    #overwritten = 0;
    #style: Style = plain;
    /** Bytes of the log before what is here. */
    hidden = 0;
    /** How many lines have gone so far. */
    dropped = 0;

    /** @param limit how many characters are kept: three quarters of it when it is reached, so that lines go seldom */
    constructor(limit: number) {
        this.#limit = limit;
    }

    /** All lines as they are now. */
    get lines(): LogLines {
        return [...this.#lines, readLine(this.#rest, this.#style)];
    }

    /** Begins anew, with what lies `offset` bytes from the beginning of the log. */
    restart(offset: number): void {
        this.dropped += this.#lines.length;
        this.hidden = offset;
        this.#lines = [];
        this.#size = 0;
        this.#begin(plain);
    }

    append(text: string): void {
        const raws = (this.#rest + text).split('\n');
        const rest = raws.pop() ?? '';
        for (const raw of raws) {
            const styled = readLine(raw, this.#style);
            this.#lines.push({ ...styled, bytes: this.#overwritten + Buffer.byteLength(raw) + 1 });
            this.#size += styled.text.length + 1;
            this.#begin(styled.style);
        }
        this.#rest = rest;
        this.#forgetOverwritten();
        if (this.#size + this.#rest.length > this.#limit) this.#shrink((this.#limit * 3) / 4);
    }

    #begin(style: Style): void {
        this.#rest = '';
        this.#overwritten = 0;
        this.#style = style;
    }

    /** A progress bar is one line that may be overwritten for days. A carriage return at its end overwrites nothing yet. */
    #forgetOverwritten(): void {
        let end = this.#rest.length;
        while (end > 0 && this.#rest[end - 1] === '\r') end -= 1;
        if (end > 0) this.#cut(this.#rest.lastIndexOf('\r', end - 1) + 1);
    }

    #cut(end: number): void {
        const gone = this.#rest.slice(0, end);
        this.#style = readStyled(gone, this.#style).style;
        this.#overwritten += Buffer.byteLength(gone);
        this.#rest = this.#rest.slice(end);
    }

    #shrink(most: number): void {
        let count = 0;
        for (; count < this.#lines.length && this.#size + this.#rest.length > most; count += 1) {
            const line = this.#lines[count];
            this.#size -= (line?.text.length ?? 0) + 1;
            this.hidden += line?.bytes ?? 0;
        }
        this.#lines.splice(0, count);
        this.dropped += count;
        // A line that never ends loses its beginning.
        if (this.#rest.length > most) this.#cut(this.#rest.length - most);
    }
}
