import { h } from '../dom';
import type { RunsTexts } from './texts';

const pauseMs = 250;

/** Where the rows are filtered by a text, which is used when there is a pause in typing. */
export class FilterBox {
    readonly element: HTMLElement;
    readonly #input: HTMLInputElement;
    /** What is wrong with the text. */
    readonly #problem = h('p', { id: 'filter-problem', attributes: { 'aria-live': 'polite' } });
    readonly #changed: (text: string) => void;
    #used: string;
    #timer: number | undefined;

    constructor(texts: RunsTexts, text: string, changed: (text: string) => void) {
        this.#used = text;
        this.#changed = changed;
        this.#input = h('input', {
            type: 'search',
            className: 'input',
            spellcheck: false,
            value: text,
            placeholder: texts.filterExample,
            attributes: { 'aria-label': texts.filter },
            oninput: () => {
                window.clearTimeout(this.#timer);
                this.#timer = window.setTimeout(() => {
                    this.#use();
                }, pauseMs);
            },
            onkeydown: ({ key }) => {
                if (key === 'Enter') this.#use();
            },
        });
        this.element = h('div', { className: 'runs-filter' }, this.#input, this.#problem);
    }

    /** Shows a text that comes from elsewhere. */
    set text(text: string) {
        if (text === this.#used) return;
        window.clearTimeout(this.#timer);
        this.#used = this.#input.value = text;
    }

    showProblem(text: string | undefined): void {
        this.#problem.textContent = text ?? '';
        if (text === undefined) {
            this.#input.removeAttribute('aria-invalid');
            this.#input.removeAttribute('aria-describedby');
        } else {
            this.#input.setAttribute('aria-invalid', 'true');
            this.#input.setAttribute('aria-describedby', this.#problem.id);
        }
    }

    #use(): void {
        window.clearTimeout(this.#timer);
        const text = this.#input.value.trim();
        if (text === this.#used) return;
        this.#used = text;
        this.#changed(text);
    }
}
