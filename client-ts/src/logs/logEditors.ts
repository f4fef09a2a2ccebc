import * as vscode from 'vscode';
import { colors, type Style } from '../model/ansi';
import type { LogDocument } from './logDocument';
import { revealEnd, type LogDocuments } from './logDocuments';

/** Lines above and below those in view that are coloured as well. */
const margin = 100;

/** What the editors that show logs do: their colours, and where they stand when lines come and go. */
export class LogEditors implements vscode.Disposable {
    readonly #documents: LogDocuments;
    readonly #decorations = new Map<string, vscode.TextEditorDecorationType>();
    readonly #disposables: readonly vscode.Disposable[];
    /** The last line of what the editors show, and how many lines of the log have gone by then. */
    readonly #shown = new WeakMap<vscode.TextEditor, { readonly end: number; readonly dropped: number }>();

    constructor(documents: LogDocuments) {
        this.#documents = documents;
        this.#disposables = [
            documents.onWillChange((document) => {
                const unknown = editorsOf(document.uri).filter((editor) => !this.#shown.has(editor));
                for (const editor of unknown) this.#remember(editor, document);
            }),
            vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) => {
                for (const editor of editorsOf(uri)) this.#update(editor);
            }),
            vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
                this.#color(textEditor);
            }),
            vscode.window.onDidChangeVisibleTextEditors((editors) => {
                for (const editor of editors) this.#color(editor);
            }),
        ];
    }

    dispose(): void {
        for (const one of [...this.#disposables, ...this.#decorations.values()]) one.dispose();
    }

    #remember(editor: vscode.TextEditor, { shown: { dropped } }: LogDocument): void {
        this.#shown.set(editor, { end: editor.document.lineCount - 1, dropped });
    }

    /** VS Code tells of a change before it tells what is in view after it: here that is what was in view before. */
    #update(editor: vscode.TextEditor): void {
        const document = this.#documents.find(editor.document.uri);
        if (document === undefined) return;
        const before = this.#shown.get(editor);
        this.#remember(editor, document);
        const gone = document.shown.dropped - (before?.dropped ?? 0);
        if (before !== undefined && lastInView(editor) >= before.end) revealEnd(editor, gone > 0);
        else if (before !== undefined) keepInView(editor, gone);
        this.#color(editor);
    }

    #color(editor: vscode.TextEditor): void {
        const document = this.#documents.find(editor.document.uri);
        if (document === undefined) return;
        const ranges = new Map<string, vscode.Range[]>();
        const { lines, above } = document.shown;
        const first = Math.max(0, (editor.visibleRanges[0]?.start.line ?? 0) - margin - above);
        const end = (editor.visibleRanges.at(-1)?.end.line ?? 0) + margin;
        for (const [index, { spans }] of lines.slice(first, end).entries()) {
            const line = first + index + above;
            for (const span of spans) {
                for (const name of namesOf(span.style)) {
                    const found = ranges.get(name) ?? [];
                    found.push(new vscode.Range(line, span.start, line, span.end));
                    ranges.set(name, found);
                }
            }
        }
        for (const name of ranges.keys()) this.#decoration(name);
        for (const [name, type] of this.#decorations) editor.setDecorations(type, ranges.get(name) ?? []);
    }

    #decoration(name: string): vscode.TextEditorDecorationType {
        const known = this.#decorations.get(name);
        if (known !== undefined) return known;
        const made = vscode.window.createTextEditorDecorationType(
            name === bold ? { fontWeight: 'bold' } : { color: new vscode.ThemeColor(`terminal.ansi${name}`) },
        );
        this.#decorations.set(name, made);
        return made;
    }
}

const bold = 'bold';

function namesOf(style: Style): string[] {
    const color = style.color === undefined ? undefined : colors[style.color];
    return [...(color === undefined ? [] : [color]), ...(style.bold === true ? [bold] : [])];
}

function editorsOf(uri: vscode.Uri): vscode.TextEditor[] {
    const key = uri.toString();
    return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === key);
}

function lastInView(editor: vscode.TextEditor): number {
    return editor.visibleRanges.at(-1)?.end.line ?? 0;
}

/** Lines that have gone above move the others up. VS Code goes to the end when those in view have gone. */
function keepInView(editor: vscode.TextEditor, gone: number): void {
    const first = editor.visibleRanges[0]?.start.line ?? 0;
    if (gone === 0) return;
    const line = new vscode.Position(Math.max(0, first - gone), 0);
    editor.revealRange(new vscode.Range(line, line), vscode.TextEditorRevealType.AtTop);
}
