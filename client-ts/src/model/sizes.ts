/** A size for people, in decimal units, as the server writes it. */
export function sizeText(bytes: number): string {
    if (bytes < 1000) return `${bytes} B`;
    const units = ['KB', 'MB', 'GB', 'TB'];
    let size = bytes / 1000;
    while (size >= 999.95 && units.length > 1) {
        size /= 1000;
        units.shift();
    }
    return `${size.toFixed(1)} ${units[0] ?? ''}`;
}
