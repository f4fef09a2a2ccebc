// How lines are told apart, on every page: by colours that colour-blind people can tell apart too, and that stand out
// from the editor's background; in high contrast by their dashes and markers, and by colour after that.

/** A family of VS Code's themes. */
export type ThemeKind = 'light' | 'dark' | 'hcDark' | 'hcLight';

/** Shape of the points of a line. */
export type Marker = 'circle' | 'square' | 'triangle' | 'diamond';

/** How a line is drawn. */
export interface LineStyle {
    readonly color: string;
    /** Lengths of strokes and gaps in pixels; empty: unbroken. */
    readonly dash: readonly number[];
    readonly marker: Marker;
}

/** The colours of one kind of theme. */
export const colors: Readonly<Record<ThemeKind, readonly string[]>> = {
    light: ['#0067b0', '#ae6704', '#9e0163', '#319a84', '#b165fd', '#32591c', '#fb4162', '#5e0eb3'],
    dark: ['#56b4e9', '#fae91d', '#ed3b87', '#68ce17', '#aa5ef6', '#f8a49e', '#8ffaf6', '#ad8604'],
    hcDark: ['#ffffff', '#6cc7ff', '#ffb066', '#7ee2b8', '#f29ad0', '#ffee58', '#c3b8ff', '#c4c4c4'],
    hcLight: ['#000000', '#004f8c', '#963200', '#005c3a', '#7a2068', '#574a00', '#432aa0', '#4b4b4b'],
};

const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const markers: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond'];

/** How the line of this number is drawn. Two lines with one colour differ in their dashes. */
export function lineStyle(index: number, theme: ThemeKind): LineStyle {
    const palette = colors[theme];
    const isHighContrast = theme === 'hcDark' || theme === 'hcLight';
    const round = Math.floor(index / palette.length);
    const dash = isHighContrast ? index + round : round;
    return {
        color: palette[index % palette.length] ?? 'currentColor',
        dash: dashes[dash % dashes.length] ?? [],
        marker: markers[dash % markers.length] ?? 'circle',
    };
}

/** The kind of theme by the classes that VS Code gives the body of a page. */
export function themeKind(classes: { readonly contains: (name: string) => boolean }): ThemeKind {
    if (classes.contains('vscode-high-contrast-light')) return 'hcLight';
    if (classes.contains('vscode-high-contrast')) return 'hcDark';
    return classes.contains('vscode-light') ? 'light' : 'dark';
}
