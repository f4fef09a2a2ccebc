import type { RunFile, RunsFileResult } from '../../src/protocol.gen';
import { button, h, Part } from '../dom';
import { bytesText, fill } from '../numbers';
import type { RunTexts } from './texts';

/** Reads a file of the run. */
export type AskFile = (path: string, signal: AbortSignal) => Promise<RunsFileResult>;

/** What an image may be: nothing but a picture. */
export function pictureAddress({ kind, mediaType = '', data }: RunsFileResult): string | undefined {
    if (kind !== 'image' || data === undefined || !/^image\/[\w.+-]+$/.test(mediaType)) return undefined;
    return `data:${mediaType};base64,${data}`;
}

interface FileList {
    readonly files: readonly RunFile[];
    readonly moreFiles: number;
}

/** As many as a list begins with. */
const firstFiles = 50;

/** The files that a run left, each with a preview below its name. */
export class Files {
    readonly #texts: RunTexts;
    readonly #ask: AskFile;
    readonly #part: Part<FileList>;
    /** The previews that are open, by path. */
    readonly #open = new Map<string, HTMLElement>();
    #isWhole = false;

    constructor(texts: RunTexts, ask: AskFile) {
        this.#texts = texts;
        this.#ask = ask;
        this.#part = new Part(h('section', {}), (list) => this.#make(list));
    }

    get element(): HTMLElement {
        return this.#part.element;
    }

    update(files: readonly RunFile[], moreFiles: number): void {
        this.#part.show({ files, moreFiles });
    }

    #make({ files, moreFiles }: FileList): readonly Node[] {
        if (files.length === 0 && moreFiles === 0) return [];
        const texts = this.#texts;
        const list = h('ul', { className: 'plain-list files' });
        const fillList = (): void => {
            const shown = this.#isWhole ? files : files.slice(0, firstFiles);
            list.replaceChildren(...shown.map(({ path }) => this.#makeFile(path)));
        };
        fillList();
        const all = button({ text: fill(texts.showAll, files.length), look: 'link' }, () => {
            this.#isWhole = true;
            all.remove();
            fillList();
            list.querySelectorAll('button')[firstFiles]?.focus();
        });
        const more = h('p', { className: 'dim' }, fill(texts.moreFiles, moreFiles));
        const isCut = !this.#isWhole && files.length > firstFiles;
        return [h('h2', {}, texts.files), list, ...(isCut ? [all] : []), ...(moreFiles > 0 ? [more] : [])];
    }

    #makeFile(path: string): HTMLElement {
        const item = h('li', {});
        const open = button({ text: path, picture: 'file', look: 'link', key: `file ${path}` }, () => {
            const before = this.#open.get(path);
            before?.remove();
            open.setAttribute('aria-expanded', String(before === undefined));
            if (before !== undefined) {
                this.#open.delete(path);
                return;
            }
            const preview = h(
                'div',
                { className: 'preview' },
                h('p', { className: 'dim' }, this.#texts.loading),
            );
            this.#open.set(path, preview);
            item.append(preview);
            void this.#load(path, preview);
        });
        const preview = this.#open.get(path);
        open.setAttribute('aria-expanded', String(preview !== undefined));
        item.append(open, ...(preview === undefined ? [] : [preview]));
        return item;
    }

    async #load(path: string, preview: HTMLElement): Promise<void> {
        try {
            const file = await this.#ask(path, new AbortController().signal);
            preview.replaceChildren(...this.#preview(path, file));
        } catch (error) {
            preview.replaceChildren(h('p', { className: 'dim' }, (error as Error).message));
        }
    }

    #preview(path: string, file: RunsFileResult): readonly Node[] {
        const { notShown, cutOff } = this.#texts;
        const size = bytesText(file.size, document.documentElement.lang);
        if (file.kind === 'text') {
            const text = h('pre', { tabIndex: 0 }, file.text ?? '');
            text.setAttribute('role', 'region');
            text.setAttribute('aria-label', path);
            return file.complete ? [text] : [h('p', { className: 'dim' }, fill(cutOff, size)), text];
        }
        const address = pictureAddress(file);
        if (address === undefined) return [h('p', { className: 'dim' }, fill(notShown, size))];
        const picture = h('img', {
            src: address,
            alt: path,
            onerror: () => {
                picture.replaceWith(h('p', { className: 'dim' }, fill(notShown, size)));
            },
        });
        return [picture];
    }
}
