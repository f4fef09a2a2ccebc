import { h } from './dom';

const gap = 4;

/** A part of the page that opens at a button, is filled whenever it does, and closes when the user turns elsewhere. */
export function popupOf(opener: HTMLButtonElement, label: string, fill: () => readonly Node[]): HTMLElement {
    const popup = h('div', { className: 'popup', popover: 'auto', attributes: { 'aria-label': label } });
    popup.setAttribute('role', 'dialog');
    opener.popoverTargetElement = popup;
    popup.addEventListener('beforetoggle', (event) => {
        if (event.newState === 'open') popup.replaceChildren(...fill());
    });
    popup.addEventListener('toggle', (event) => {
        if (event.newState !== 'open') return;
        const { left, bottom } = opener.getBoundingClientRect();
        place(popup, left, bottom + gap);
        popup.querySelector<HTMLElement>('input, button')?.focus();
    });
    return popup;
}

/** What a menu offers. */
export interface MenuItem {
    readonly text: string;
    readonly run: () => void;
}

/** Opens a menu at a place of the page; `closed` hears when it is gone. */
export function openMenu(
    x: number,
    y: number,
    label: string,
    items: readonly MenuItem[],
    closed: () => void,
): void {
    const menu = h('div', { className: 'popup menu', popover: 'auto' });
    menu.setAttribute('role', 'menu');
    menu.setAttribute('aria-label', label);
    const entries = items.map(({ text, run }) =>
        h(
            'button',
            {
                type: 'button',
                tabIndex: -1,
                onclick: () => {
                    menu.hidePopover();
                    run();
                },
                attributes: { role: 'menuitem' },
            },
            text,
        ),
    );
    menu.append(...entries);
    menu.addEventListener('keydown', (event) => {
        const at = entries.indexOf(document.activeElement as HTMLButtonElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1, Tab: at }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        entries.at(to % entries.length)?.focus();
    });
    menu.addEventListener('toggle', (event) => {
        if (event.newState === 'open') return;
        menu.remove();
        closed();
    });
    document.querySelector('main')?.append(menu);
    menu.showPopover();
    place(menu, x, y);
    entries[0]?.focus();
}

/** Puts it there, or as near as it is seen whole. */
function place(popup: HTMLElement, x: number, y: number): void {
    const { offsetWidth, offsetHeight } = popup;
    popup.style.left = `${Math.max(gap, Math.min(x, innerWidth - offsetWidth - gap))}px`;
    popup.style.top = `${Math.max(gap, Math.min(y, innerHeight - offsetHeight - gap))}px`;
}
