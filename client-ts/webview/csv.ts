/** Lines of comma-separated values as spreadsheets read them. What a script wrote is never a formula there. */
export function csvOf(lines: readonly (readonly string[])[]): string {
    return lines.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(text: string): string {
    const isFormula = /^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text));
    const value = isFormula ? `'${text}` : text;
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
