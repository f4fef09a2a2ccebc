import { h } from '../dom';

const step = 4;
const smallest = 15;
const largest = 85;

/** The border between two parts of the page, one over the other, which the mouse and the keyboard move. */
export class Splitter {
    readonly element: HTMLElement;
    readonly #below: HTMLElement;
    readonly #moved: (percent: number) => void;
    #percent: number;

    /** `percent` is the height of what lies below, in hundredths of the page's. */
    constructor(label: string, below: HTMLElement, percent: number, moved: (percent: number) => void) {
        this.#below = below;
        this.#moved = moved;
        this.#percent = percent;
        const attributes = {
            role: 'separator',
            'aria-orientation': 'horizontal',
            'aria-label': label,
            'aria-controls': below.id,
            'aria-valuemin': String(smallest),
            'aria-valuemax': String(largest),
        };
        this.element = h('div', { className: 'splitter', tabIndex: 0, attributes });
        this.element.addEventListener('keydown', (event) => {
            const by = { ArrowUp: step, ArrowDown: -step }[event.key];
            if (by === undefined) return;
            event.preventDefault();
            this.#move(this.#percent + by);
        });
        this.element.addEventListener('pointerdown', ({ pointerId }) => {
            this.element.setPointerCapture(pointerId);
        });
        this.element.addEventListener('pointermove', ({ pointerId, clientY }) => {
            if (this.element.hasPointerCapture(pointerId)) this.#move(100 - (100 * clientY) / innerHeight);
        });
        this.#place();
    }

    #move(percent: number): void {
        this.#percent = Math.round(Math.min(largest, Math.max(smallest, percent)));
        this.#place();
        this.#moved(this.#percent);
    }

    #place(): void {
        this.#below.style.height = `${this.#percent}vh`;
        this.element.setAttribute('aria-valuenow', String(this.#percent));
    }
}
