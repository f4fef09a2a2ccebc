import type { LoggedFile, RunsFileResult } from '../../src/protocol.gen';
import { h } from '../dom';
import { watchView } from '../inView';
import { bytesText, fill } from '../numbers';
import { onThemeChange } from '../theme';
import type { AskFile } from './contract';
import { drawnChart } from './drawnChart';
import type { RunTexts } from './texts';

/** The charts that a script logged: confusion matrices, curves, histograms. */
export class Charts {
    readonly element: HTMLElement;
    readonly #texts: RunTexts;
    readonly #ask: AskFile;
    readonly #grid = h('div', { className: 'logged-grid' });
    readonly #cards = new Map<string, ChartCard>();

    constructor(texts: RunTexts, ask: AskFile) {
        this.#texts = texts;
        this.#ask = ask;
        this.element = h('section', { hidden: true }, h('h2', {}, texts.charts), this.#grid);
        onThemeChange(() => {
            for (const card of this.#cards.values()) card.draw();
        });
    }

    /** Shows what the run has logged by now. */
    update(logged: readonly LoggedFile[]): void {
        for (const file of logged) {
            if (file.kind !== 'chart') continue;
            let card = this.#cards.get(file.path);
            if (card === undefined) {
                card = new ChartCard(file, this.#texts, this.#ask);
                this.#cards.set(file.path, card);
                this.#grid.append(card.element);
            }
            card.update(file.revision);
        }
        this.element.hidden = this.#cards.size === 0;
    }
}

/** The charts of one file, which is asked for when somebody sees them. */
class ChartCard {
    readonly element: HTMLElement;
    readonly #name: string;
    readonly #path: string;
    readonly #texts: RunTexts;
    readonly #ask: AskFile;
    readonly #frame = h('div', {});
    #revision = 0;
    #asked = 0;
    #isInView = false;
    #file: RunsFileResult | undefined;
    #asking = new AbortController();

    constructor({ name, path }: LoggedFile, texts: RunTexts, ask: AskFile) {
        this.#name = name;
        this.#path = path;
        this.#texts = texts;
        this.#ask = ask;
        this.#say(texts.loading);
        this.element = h('div', { className: 'logged' }, h('h3', { title: name }, name), this.#frame);
        watchView(this.element, (isInView) => {
            this.#isInView = isInView;
            this.#refresh();
        });
    }

    update(revision: number): void {
        this.#revision = revision;
        this.#refresh();
    }

    /** Draws what is known, in the theme of now. */
    draw(): void {
        if (this.#file === undefined) return;
        try {
            this.#frame.replaceChildren(...chartsOf(this.#file, this.#name, this.#texts));
        } catch (error) {
            this.#say((error as Error).message);
        }
    }

    #refresh(): void {
        if (!this.#isInView || this.#asked === this.#revision) return;
        this.#asked = this.#revision;
        this.#asking.abort();
        this.#asking = new AbortController();
        void this.#load(this.#asking.signal);
    }

    async #load(signal: AbortSignal): Promise<void> {
        try {
            this.#file = await this.#ask(this.#path, signal);
            this.draw();
        } catch (error) {
            if (signal.aborted) return;
            this.#asked = 0; // The next look at it asks again.
            this.#say((error as Error).message);
        }
    }

    #say(text: string): void {
        this.#frame.replaceChildren(h('p', { className: 'dim' }, text));
    }
}

/** What a file that may be charts is shown as. */
export function chartsOf(file: RunsFileResult, name: string, texts: RunTexts): readonly HTMLElement[] {
    if (file.charts !== undefined) return file.charts.map((chart) => drawnChart(chart, name, texts));
    const size = bytesText(file.size, document.documentElement.lang);
    const why = file.complete ? texts.noChart : fill(texts.notShown, size);
    return [h('p', { className: 'dim' }, why)];
}
