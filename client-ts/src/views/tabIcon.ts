import * as vscode from 'vscode';
import { iconText } from '../../webview/icons';

const tabColors: Readonly<Record<string, readonly [light: string, dark: string]>> = {
    'charts.green': ['#388a34', '#89d185'],
    'charts.red': ['#e51400', '#f14c4c'],
    'charts.orange': ['#b55a00', '#d18616'],
    'charts.yellow': ['#9a6700', '#cca700'],
    'charts.blue': ['#1a85ff', '#3794ff'],
};

/** A codicon in the colour of an id as the picture of a tab, which has no theme colours. */
export function tabIcon(icon: string, colorId = ''): { light: vscode.Uri; dark: vscode.Uri } {
    const [light, dark] = tabColors[colorId] ?? ['#616161', '#c5c5c5'];
    const picture = (color: string): vscode.Uri => {
        const svg = iconText(icon).replaceAll('currentColor', color);
        return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
    };
    return { light: picture(light), dark: picture(dark) };
}
