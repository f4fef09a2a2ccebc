/** The colours of a terminal, as VS Code's theme colours `terminal.ansi…` call them. */
export const colors = [
    ...['Black', 'Red', 'Green', 'Yellow', 'Blue', 'Magenta', 'Cyan', 'White'],
    ...['BrightBlack', 'BrightRed', 'BrightGreen', 'BrightYellow'],
    ...['BrightBlue', 'BrightMagenta', 'BrightCyan', 'BrightWhite'],
] as const;

/** How text is shown: in one of `colors`, by its index, or bold. */
export interface Style {
    readonly color?: number | undefined;
    readonly bold?: boolean | undefined;
}

/** A part of a line with a style, in UTF-16 code units. */
export interface Span {
    readonly start: number;
    readonly end: number;
    readonly style: Style;
}

export interface StyledText {
    readonly text: string;
    readonly spans: readonly Span[];
    /** Of what follows. */
    readonly style: Style;
}

export const plain: Style = {};
const noSpans: readonly Span[] = [];

const esc = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
/** ECMA-48: a control sequence, a control string, any other escape sequence; also one that is cut off. */
const sequence = new RegExp(
    [
        `${esc}\\[([0-?]*)[ -/]*([@-~]?)`,
        `${esc}[\\]PX^_][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?`,
        `${esc}[ -/]*[^]?`,
    ].join('|'),
    'g',
);
/** What no text needs, and what VS Code would take for the end of a line. */
const unprintable = /(?!\t)[\p{Cc}\u2028\u2029]/gu;

/** A line, or a part of one, without escape sequences; `before` is the style that it begins with. */
export function readStyled(raw: string, before: Style = plain): StyledText {
    const spans: Span[] = [];
    let text = '';
    let style = before;
    let end = 0;
    const take = (piece: string): void => {
        const start = text.length;
        text += piece.replace(unprintable, '');
        const isStyled = style.color !== undefined || style.bold === true;
        if (isStyled && text.length > start) spans.push({ start, end: text.length, style });
    };
    for (const match of raw.matchAll(sequence)) {
        take(raw.slice(end, match.index));
        end = match.index + match[0].length;
        const [, parameters = '', final] = match;
        if (final === 'm') style = rendition(parameters, style);
    }
    take(raw.slice(end));
    return { text, spans: spans.length === 0 ? noSpans : spans, style };
}

/** A line as a terminal would leave it: of what carriage returns overwrite only the last. */
export function readLine(raw: string, before: Style): StyledText {
    let end = raw.length;
    while (end > 0 && raw[end - 1] === '\r') end -= 1;
    const start = end === 0 ? 0 : raw.lastIndexOf('\r', end - 1) + 1;
    const { style } = start === 0 ? { style: before } : readStyled(raw.slice(0, start), before);
    return readStyled(raw.slice(start, end), style);
}

/** Select Graphic Rendition; of colours the sixteen of a terminal. */
function rendition(parameters: string, before: Style): Style {
    let { color, bold } = before;
    const codes = parameters.split(/[;:]/).map(Number);
    for (let at = 0; at < codes.length; at += 1) {
        const code = codes[at] ?? 0;
        if (code === 0) [color, bold] = [undefined, undefined];
        else if (code === 1) bold = true;
        else if (code === 22) bold = undefined;
        else if (code >= 30 && code <= 37) color = code - 30;
        else if (code >= 90 && code <= 97) color = code - 90 + 8;
        else if (code === 39) color = undefined;
        else if (code === 38 || code === 48) {
            const isIndexed = codes[at + 1] === 5;
            const index = codes[at + 2] ?? colors.length;
            if (code === 38) color = isIndexed && index < colors.length ? index : undefined;
            at += isIndexed ? 2 : 4;
        }
    }
    return { color, bold };
}
