import { themeKind, type ThemeKind } from './palette';

/** What a canvas needs to know of VS Code's theme. */
export interface Theme {
    readonly kind: ThemeKind;
    readonly text: string;
    readonly grid: string;
    readonly background: string;
    /** Of what is no number. */
    readonly error: string;
    readonly font: string;
}

let current: Theme | undefined;
const listeners = new Set<() => void>();

/** The theme in use. */
export function theme(): Theme {
    current ??= readTheme();
    return current;
}

/** Calls back whenever the user takes another theme. */
export function onThemeChange(listener: () => void): void {
    listeners.add(listener);
}

function readTheme(): Theme {
    const style = getComputedStyle(document.body);
    const color = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
    const kind = themeKind(document.body.classList);
    const isHighContrast = kind === 'hcDark' || kind === 'hcLight';
    return {
        kind,
        text: color(isHighContrast ? 'foreground' : 'descriptionForeground') || style.color,
        grid: `color-mix(in srgb, ${color('charts-lines') || style.color} 40%, transparent)`,
        background: color('editor-background') || style.backgroundColor,
        error: color('errorForeground') || style.color,
        font: `11px ${style.fontFamily}`,
    };
}

const changes = new MutationObserver(() => {
    current = undefined;
    for (const listener of listeners) listener();
});
changes.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
changes.observe(document.documentElement, { attributeFilter: ['style'] });
