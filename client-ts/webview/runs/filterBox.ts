import { h } from '../dom';
import type { RunsTexts } from './texts';

const pauseMs = 250;

/** Where the rows are filtered by a text, which is used when there is a pause in typing. */
export class FilterBox {
    readonly element: HTMLInputElement;
    /** What is wrong with the text. */
    readonly problem = h('p', { id: 'filter-problem', className: 'filter-problem', hidden: true });
    readonly #changed: (text: string) => void;
    #used: string;
    #timer: number | undefined;

    constructor(texts: RunsTexts, text: string, changed: (text: string) => void) {
        this.#used = text;
        this.#changed = changed;
        this.problem.setAttribute('aria-live', 'polite');
        this.element = h('input', {
            type: 'search',
            className: 'input runs-filter',
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
    }

    /** Shows a text that comes from elsewhere. */
    set text(text: string) {
        if (text === this.#used) return;
        window.clearTimeout(this.#timer);
        this.#used = this.element.value = text;
    }

    showProblem(text: string | undefined): void {
        this.problem.hidden = text === undefined;
        this.problem.textContent = text ?? '';
        this.element.toggleAttribute('aria-invalid', text !== undefined);
        if (text === undefined) this.element.removeAttribute('aria-describedby');
        else this.element.setAttribute('aria-describedby', this.problem.id);
    }

    #use(): void {
        window.clearTimeout(this.#timer);
        const text = this.element.value.trim();
        if (text === this.#used) return;
        this.#used = text;
        this.#changed(text);
    }
}
