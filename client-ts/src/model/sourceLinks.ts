/** A place in a script that a line of a log names. */
export interface SourceLink {
    /** Line of the log, counted from 0, and where in it the name lies. */
    readonly at: number;
    readonly start: number;
    readonly end: number;
    /** The file as the log has it. */
    readonly path: string;
    /** Counted from 1. */
    readonly line: number;
}

/** The lines of Python's tracebacks in a log: `File "…", line N`. Of too many the last ones. */
export function sourceLinks(text: string, most: number): SourceLink[] {
    const links: SourceLink[] = [];
    let at = 0;
    let lineStart = 0;
    for (const match of text.matchAll(/\n|File "([^"\n]+)", line (\d{1,9})/g)) {
        const [whole, path, line] = match;
        if (path === undefined) {
            at += 1;
            lineStart = match.index + 1;
        } else {
            const start = match.index - lineStart;
            links.push({ at, start, end: start + whole.length, path, line: Number(line) });
        }
    }
    return links.slice(-most);
}
