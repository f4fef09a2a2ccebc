// Numbers as pages show them. Whole sentences come from the extension, with `{0}` where a value stands.

/** A text with its placeholders filled in. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
    return text.replace(/\{(\d+)\}/g, (placeholder, index: string) =>
        String(values[Number(index)] ?? placeholder),
    );
}

/** A value of a metric, to six significant digits. */
export function valueText(value: number): string {
    return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}

/** A length of time as h:mm:ss. */
export function stopwatch(milliseconds: number): string {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (number: number): string => String(number).padStart(2, '0');
    return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** A number of bytes in the largest unit that leaves a number of at least one. */
export function bytesText(bytes: number, language: string): string {
    const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    const options = { style: 'unit', unit: units[power] ?? 'byte', maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(language, options).format(bytes / 1000 ** power);
}
