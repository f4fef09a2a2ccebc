import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { iconText, icons } from '../webview/icons';
import { colors, lineStyle, themeKind, type ThemeKind } from '../webview/palette';

const backgrounds: Readonly<Record<ThemeKind, string>> = {
    light: '#ffffff',
    dark: '#1f1f1f',
    hcDark: '#000000',
    hcLight: '#ffffff',
};

type Color = readonly [red: number, green: number, blue: number];

/** The light of each primary colour, from 0 to 1. */
function light(color: string): Color {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const value = parseInt(color.slice(at, at + 2), 16) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return [red, green, blue];
}

function contrast(a: string, b: string): number {
    const [one = 0, other = 0] = [a, b]
        .map((color) => light(color))
        .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
        .sort((x, y) => y - x);
    return (one + 0.05) / (other + 0.05);
}

type Eye = (color: Color) => Color;

/** What people see who lack one kind of cone, after Viénot, Brettel and Mollon (1999). */
const eyes: Readonly<Record<string, Eye>> = {
    all: (color) => color,
    noLong: ([r, g, b]) => [
        0.11238 * r + 0.88762 * g,
        0.11238 * r + 0.88762 * g,
        0.00401 * r - 0.00401 * g + b,
    ],
    noMedium: ([r, g, b]) => [
        0.29275 * r + 0.70725 * g,
        0.29275 * r + 0.70725 * g,
        -0.02234 * r + 0.02234 * g + b,
    ],
};

/** How far apart two colours look: the distance in Oklab, 0 to 1. */
function distance(a: Color, b: Color): number {
    const [one, other] = [oklab(a), oklab(b)];
    return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function oklab([red, green, blue]: Color): Color {
    const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return [
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    ];
}

const kinds = Object.keys(colors) as ThemeKind[];

void test('every colour stands out from the background', () => {
    for (const kind of kinds)
        for (const color of colors[kind])
            assert.ok(
                contrast(color, backgrounds[kind]) >= 3,
                `${kind} ${color} ${contrast(color, backgrounds[kind])}`,
            );
});

void test('everybody can tell the colours apart', () => {
    for (const kind of ['light', 'dark'] as const)
        for (const [name, eye] of Object.entries(eyes))
            colors[kind].forEach((one, index) => {
                for (const other of colors[kind].slice(index + 1)) {
                    const apart = distance(eye(light(one)), eye(light(other)));
                    assert.ok(
                        apart > 0.08,
                        `${kind}, ${name}: ${one} and ${other} are ${apart.toFixed(3)} apart`,
                    );
                }
            });
});

void test('no two lines of high contrast next to each other have the same dashes', () => {
    for (const kind of ['hcDark', 'hcLight'] as const)
        for (let line = 0; line < 8; line += 1)
            assert.notDeepEqual(lineStyle(line, kind).dash, lineStyle(line + 1, kind).dash);
});

void test('two lines with one colour differ in their dashes and markers', () => {
    const first = lineStyle(1, 'dark');
    const again = lineStyle(1 + colors.dark.length, 'dark');
    assert.equal(first.color, again.color);
    assert.notDeepEqual(first.dash, again.dash);
    assert.notEqual(first.marker, again.marker);
});

void test('32 lines all differ in colour or dashes', () => {
    for (const kind of kinds) {
        const looks = Array.from({ length: 32 }, (_, line) => lineStyle(line, kind));
        assert.equal(new Set(looks.map(({ color, dash }) => `${color} ${dash.join()}`)).size, 32, kind);
    }
});

void test('the kind of theme is told by VS Code’s classes', () => {
    const classes = (...names: readonly string[]) => ({ contains: (name: string) => names.includes(name) });
    assert.equal(themeKind(classes('vscode-light')), 'light');
    assert.equal(themeKind(classes('vscode-dark')), 'dark');
    assert.equal(themeKind(classes('vscode-high-contrast')), 'hcDark');
    assert.equal(themeKind(classes('vscode-high-contrast-light', 'vscode-high-contrast')), 'hcLight');
});

void test('there is a picture for every status that the server knows', () => {
    const table = readFileSync('server/aml/runs/run_status.cpp', 'utf8');
    const names = [...table.matchAll(/\{"([a-z-]+)(?:~spin)?", "/g)].map(([, name = '']) => name);
    assert.ok(names.length > 5);
    for (const name of names) assert.ok(name in icons, name);
    assert.equal(iconText('sync~spin'), icons['sync']);
    assert.equal(iconText('no-such-icon'), icons['circle-large']);
});
