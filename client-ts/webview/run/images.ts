import type { RunImage } from '../../src/protocol.gen';
import { button, h } from '../dom';
import { unwatchView, watchView } from '../inView';
import { bytesText, fill } from '../numbers';
import type { AskFile } from './contract';
import { pictureAddress } from './files';
import type { RunTexts } from './texts';

/** The pictures that a script logged: each name once, with a slider over its steps. */
export class Images {
    readonly element: HTMLElement;
    readonly #texts: RunTexts;
    readonly #ask: AskFile;
    readonly #grid = h('div', { className: 'image-grid' });
    readonly #viewers = new Map<string, ImageViewer>();

    constructor(texts: RunTexts, ask: AskFile) {
        this.#texts = texts;
        this.#ask = ask;
        this.element = h('section', { hidden: true }, h('h2', {}, texts.images), this.#grid);
    }

    update(images: readonly RunImage[]): void {
        this.element.hidden = images.length === 0;
        // A file may turn out to be a step of a picture that has a name.
        for (const [name, viewer] of this.#viewers) {
            if (images.some((image) => image.name === name)) continue;
            viewer.remove();
            this.#viewers.delete(name);
        }
        for (const image of images) {
            let viewer = this.#viewers.get(image.name);
            if (viewer === undefined) {
                viewer = new ImageViewer(image.name, this.#texts, this.#ask);
                this.#viewers.set(image.name, viewer);
                this.#grid.append(viewer.element);
            }
            viewer.update(image);
        }
    }
}

/** A picture with its steps. The newest is shown until the user has chosen another one. */
class ImageViewer {
    readonly element: HTMLElement;
    readonly #name: string;
    readonly #texts: RunTexts;
    readonly #ask: AskFile;
    readonly #frame = h('div', { className: 'image-frame' });
    readonly #slider: HTMLInputElement;
    readonly #step = h('span', { className: 'image-step' });
    readonly #controls: HTMLElement;
    #image: RunImage = { name: '', steps: [] };
    #index = -1;
    #isInView = false;
    #loaded = '';
    #asking = new AbortController();

    constructor(name: string, texts: RunTexts, ask: AskFile) {
        this.#name = name;
        this.#texts = texts;
        this.#ask = ask;
        this.#slider = h('input', {
            type: 'range',
            min: '0',
            attributes: { 'aria-label': name },
            oninput: () => {
                this.#goTo(Number(this.#slider.value));
            },
        });
        const previous = { label: texts.previousImage, picture: 'chevron-left', look: 'quiet' } as const;
        const next = { label: texts.nextImage, picture: 'chevron-right', look: 'quiet' } as const;
        this.#controls = h(
            'div',
            { className: 'image-controls' },
            button(previous, () => this.#goTo(this.#index - 1)),
            this.#slider,
            button(next, () => this.#goTo(this.#index + 1)),
        );
        const head = h('h3', { title: name }, name);
        this.element = h('div', { className: 'image' }, head, this.#frame, this.#step, this.#controls);
        watchView(this.element, (isInView) => {
            this.#isInView = isInView;
            this.#show();
        });
    }

    update(image: RunImage): void {
        const wasAtEnd = this.#index === this.#image.steps.length - 1;
        this.#image = image;
        if (wasAtEnd) this.#index = image.steps.length - 1;
        this.#slider.max = String(image.steps.length - 1);
        this.#controls.hidden = image.steps.length < 2;
        this.#show();
    }

    remove(): void {
        this.#asking.abort();
        unwatchView(this.element);
        this.element.remove();
    }

    #goTo(index: number): void {
        this.#index = Math.min(this.#image.steps.length - 1, Math.max(0, index));
        this.#show();
    }

    #show(): void {
        const step = this.#image.steps[this.#index];
        if (step === undefined) return;
        this.#step.textContent = step.step === undefined ? '' : fill(this.#texts.stepNumber, step.step);
        this.#slider.value = String(this.#index);
        this.#slider.setAttribute('aria-valuetext', this.#step.textContent);
        if (!this.#isInView || step.path === this.#loaded) return;
        this.#loaded = step.path;
        this.#asking.abort();
        this.#asking = new AbortController();
        void this.#load(step.path, this.#asking.signal);
    }

    async #load(path: string, signal: AbortSignal): Promise<void> {
        const say = (text: string): void => this.#frame.replaceChildren(h('p', { className: 'dim' }, text));
        if (this.#frame.childElementCount === 0) say(this.#texts.loading);
        try {
            const file = await this.#ask(path, signal);
            const address = pictureAddress(file);
            if (address === undefined) {
                const size = bytesText(file.size, document.documentElement.lang);
                say(file.complete ? this.#texts.noPicture : fill(this.#texts.notShown, size));
                return;
            }
            const alt = [this.#name, this.#step.textContent].filter((part) => part !== '').join(' · ');
            const picture = h('img', {
                src: address,
                alt,
                onerror: () => {
                    say(this.#texts.noPicture);
                },
            });
            this.#frame.replaceChildren(picture);
        } catch (error) {
            if (signal.aborted) return;
            this.#loaded = ''; // The next look at it asks again.
            say((error as Error).message);
        }
    }
}
