import { iconText } from './icons';

type Child = Node | string | undefined;
type Properties<Of> = Partial<Omit<Of, 'attributes'>> & { readonly attributes?: Record<string, string> };

/** An element with its properties and children. Texts become text nodes: nothing is ever read as HTML. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    properties: Properties<HTMLElementTagNameMap[Tag]> = {},
    ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
    const element = document.createElement(tag);
    const { attributes = {}, ...others } = properties;
    Object.assign(element, others);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== undefined));
    return element;
}

/** An element of a picture with its attributes and children. */
export function svg(
    tag: string,
    attributes: Readonly<Record<string, string | number>> = {},
    ...children: readonly (Node | string)[]
): SVGElement {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    element.append(...children);
    return element;
}

/** The picture of a codicon, in the colour of the text around it; invisible to screen readers. */
export function icon(name: string, color?: string): Node {
    const picture = new DOMParser().parseFromString(iconText(name), 'image/svg+xml').documentElement;
    const element = document.importNode(picture, true);
    element.setAttribute('aria-hidden', 'true');
    element.setAttribute('class', name.endsWith('~spin') ? 'icon spin' : 'icon');
    // The id of a theme colour, or nothing that could be one.
    if (color !== undefined && /^[\w.]+$/.test(color)) element.style.color = themeColor(color);
    return element;
}

/** A theme colour by its id, as CSS has it. */
export function themeColor(id: string): string {
    return `var(--vscode-${id.replaceAll('.', '-')})`;
}

/** A button with a picture, a text, or both. A picture alone needs a label. */
export function button(
    { text, label, picture, key, look = 'plain' }: ButtonLook,
    onclick: () => void,
): HTMLButtonElement {
    const element = h(
        'button',
        { type: 'button', className: `button ${look}`, onclick },
        picture === undefined ? undefined : icon(picture),
        text === undefined ? undefined : h('span', {}, text),
    );
    if (label !== undefined) {
        element.setAttribute('aria-label', label);
        element.title = label;
    }
    if (key !== undefined) element.dataset['key'] = key;
    return element;
}

export interface ButtonLook {
    readonly text?: string;
    readonly label?: string;
    readonly picture?: string;
    /** Names it among the parts of a page that are made anew, so that it keeps the focus. */
    readonly key?: string;
    readonly look?: 'plain' | 'primary' | 'quiet' | 'link';
}

/** Something that is made when it is opened first. */
export function details(summary: string, make: () => Node): HTMLDetailsElement {
    const head = h('summary', {}, summary);
    head.dataset['key'] = summary;
    const element = h('details', {}, head);
    element.addEventListener('toggle', () => {
        if (element.open && element.childElementCount === 1) element.append(make());
    });
    return element;
}

/** A text as it is, that can be scrolled with the keyboard. */
export function preformatted(label: string, text: string): HTMLElement {
    return h('pre', { tabIndex: 0, attributes: { role: 'region', 'aria-label': label } }, text);
}

/** A part of a page that is made anew when what it shows has changed, and only then. */
export class Part<Shown> {
    readonly element: HTMLElement;
    readonly #make: (shown: Shown) => readonly Node[];
    #before = '';

    constructor(element: HTMLElement, make: (shown: Shown) => readonly Node[]) {
        this.element = element;
        this.#make = make;
        element.hidden = true;
    }

    /** Shows it; a part without content is hidden. */
    show(shown: Shown): void {
        const now = JSON.stringify(shown);
        if (now === this.#before) return;
        this.#before = now;
        const focused = this.element.contains(document.activeElement)
            ? (document.activeElement as HTMLElement).dataset['key']
            : undefined;
        const content = this.#make(shown);
        this.element.replaceChildren(...content);
        this.element.hidden = content.length === 0;
        if (focused === undefined) return;
        for (const one of this.element.querySelectorAll<HTMLElement>('[data-key]'))
            if (one.dataset['key'] === focused) one.focus();
    }
}

const announcements = h('div', { className: 'unseen', attributes: { 'aria-live': 'polite' } });

/** Has a screen reader say something when it has said what it is saying. */
export function announce(text: string): void {
    if (!announcements.isConnected) document.body.append(announcements);
    announcements.textContent = text;
}

/** A number that is no other's, for the ids of elements. */
export function freshId(what: string): string {
    ids += 1;
    return `${what}-${ids}`;
}

let ids = 0;
