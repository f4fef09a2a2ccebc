import { button, h, icon } from './dom';
import { HostError } from './host';
import type { ProblemTexts } from './texts';

/** What the user can do about a problem. */
export interface ProblemActions {
    readonly signIn: () => void;
    readonly tryAgain: () => void;
}

/** The line that says what keeps a page from being up to date: no connection, or what the server says. */
export class Problem {
    readonly element = h('div', { attributes: { 'aria-live': 'polite' } });
    readonly #texts: ProblemTexts;
    readonly #actions: ProblemActions;
    #shown: string | undefined;

    constructor(texts: ProblemTexts, actions: ProblemActions) {
        this.#texts = texts;
        this.#actions = actions;
    }

    /** Shows a failure, or else what the server says; undefined: nothing is wrong. */
    show(error: Error | undefined, said: string | undefined): void {
        const text = error?.message ?? said;
        if (text === this.#shown) return;
        this.#shown = text;
        const { signIn, tryAgain } = this.#texts;
        const mustSignIn = error instanceof HostError && error.kind === 'NotSignedIn';
        const actions = [
            ...(mustSignIn ? [button({ text: signIn, look: 'link' }, this.#actions.signIn)] : []),
            button({ text: tryAgain, look: 'link' }, this.#actions.tryAgain),
        ];
        const line = h('div', { className: 'notice' });
        line.append(icon('warning', 'editorWarning.foreground'), h('span', {}, text));
        if (error !== undefined) line.append(...actions);
        this.element.replaceChildren(...(text === undefined ? [] : [line]));
    }
}
