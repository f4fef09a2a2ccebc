import type { RunFile, RunsFileResult } from '../../src/protocol.gen';
import { button, h, Part, preformatted } from '../dom';
import { bytesText, fill } from '../numbers';
import { chartsOf } from './charts';
import type { AskFile, RunAction } from './contract';
import type { RunTexts } from './texts';

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
    readonly #act: (action: RunAction) => void;
    readonly #part: Part<FileList>;
    /** The previews that are open, by path. */
    readonly #open = new Map<string, { readonly element: HTMLElement; readonly stop: AbortController }>();
    #isWhole = false;

    constructor(texts: RunTexts, ask: AskFile, act: (action: RunAction) => void) {
        this.#texts = texts;
        this.#ask = ask;
        this.#act = act;
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
        const download = button({ text: texts.downloadAll, picture: 'cloud-download', key: 'download' }, () =>
            this.#act({ kind: 'download' }),
        );
        return [
            h('h2', {}, texts.files),
            h('p', { className: 'actions' }, download),
            list,
            ...(isCut ? [all] : []),
            ...(moreFiles > 0 ? [more] : []),
        ];
    }

    #makeFile(path: string): HTMLElement {
        const known = this.#open.get(path);
        const name = button({ text: path, picture: 'file', look: 'link', key: `file ${path}` }, () => {
            const isOpen = this.#open.has(path);
            if (isOpen) this.#close(path);
            else item.append(this.#preview(path));
            name.setAttribute('aria-expanded', String(!isOpen));
        });
        name.setAttribute('aria-expanded', String(known !== undefined));
        const item = h('li', {}, name, known?.element);
        return item;
    }

    #close(path: string): void {
        const { element, stop } = this.#open.get(path) ?? {};
        stop?.abort();
        element?.remove();
        this.#open.delete(path);
    }

    #preview(path: string): HTMLElement {
        const element = h('div', { className: 'preview' }, h('p', { className: 'dim' }, this.#texts.loading));
        const stop = new AbortController();
        this.#open.set(path, { element, stop });
        void this.#load(path, element, stop.signal);
        return element;
    }

    async #load(path: string, preview: HTMLElement, signal: AbortSignal): Promise<void> {
        try {
            preview.replaceChildren(
                this.#buttons(path),
                ...this.#content(path, await this.#ask(path, signal)),
            );
        } catch (error) {
            preview.replaceChildren(h('p', { className: 'dim' }, (error as Error).message));
        }
    }

    /** What can be done with a file that is open. */
    #buttons(path: string): HTMLElement {
        const { download, registerModel } = this.#texts;
        return h(
            'p',
            { className: 'actions' },
            button({ text: download, picture: 'cloud-download', key: `download ${path}` }, () =>
                this.#act({ kind: 'download', path }),
            ),
            button({ text: registerModel, picture: 'symbol-misc', key: `register ${path}` }, () =>
                this.#act({ kind: 'registerModel', path }),
            ),
        );
    }

    #content(path: string, file: RunsFileResult): readonly Node[] {
        const { notShown, cutOff } = this.#texts;
        const size = bytesText(file.size, document.documentElement.lang);
        if (file.kind === 'text') {
            const text = preformatted(path, file.text ?? '');
            return file.complete ? [text] : [h('p', { className: 'dim' }, fill(cutOff, size)), text];
        }
        if (file.kind === 'chart') return chartsOf(file, path, this.#texts);
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
