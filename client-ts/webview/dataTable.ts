import type { RunsTableResult } from '../src/protocol.gen';
import { button, freshId, h } from './dom';
import { fill } from './numbers';
import type { TableTexts } from './texts';

/** Asks for some of the rows. */
export type AskRows = (offset: number, count: number, signal: AbortSignal) => Promise<RunsTableResult>;

const pageSize = 25;

/** A table of any length, of which one page is in the document at a time. */
export class DataTable {
    readonly id = freshId('table');
    readonly element: HTMLElement;
    readonly #name: string;
    readonly #texts: TableTexts;
    readonly #ask: AskRows;
    readonly #number = new Intl.NumberFormat(document.documentElement.lang);
    readonly #frame: HTMLElement;
    readonly #range = h('span', { className: 'pager-range' });
    readonly #buttons: readonly HTMLButtonElement[];
    readonly #pager: HTMLElement;
    #offset = 0;
    #total = 0;
    #asking: AbortController | undefined;

    constructor(name: string, texts: TableTexts, ask: AskRows) {
        this.#name = name;
        this.#texts = texts;
        this.#ask = ask;
        const turn = (label: string, text: string, to: () => number): HTMLButtonElement =>
            button({ label, text, look: 'quiet' }, () => {
                this.#offset = to();
                void this.refresh();
            });
        const last = (): number => Math.max(0, Math.ceil(this.#total / pageSize) - 1) * pageSize;
        this.#buttons = [
            turn(texts.firstPage, '«', () => 0),
            turn(texts.previousPage, '‹', () => Math.max(0, this.#offset - pageSize)),
            turn(texts.nextPage, '›', () => Math.min(last(), this.#offset + pageSize)),
            turn(texts.lastPage, '»', last),
        ];
        const [first, previous, ...onwards] = this.#buttons;
        this.#pager = h(
            'div',
            { className: 'pager', hidden: true },
            first,
            previous,
            this.#range,
            ...onwards,
        );
        this.#frame = h('div', {
            className: 'table-frame',
            tabIndex: 0,
            attributes: { role: 'region', 'aria-label': name },
        });
        this.#frame.append(h('p', { className: 'empty' }, texts.loading));
        this.element = h('div', { id: this.id, className: 'data-table' }, this.#frame, this.#pager);
    }

    /** Asks for the rows of the page in view, which may be others now. */
    async refresh(): Promise<void> {
        this.#asking?.abort();
        const asking = (this.#asking = new AbortController());
        try {
            const result = await this.#ask(this.#offset, pageSize, asking.signal);
            if (!asking.signal.aborted) this.#show(result);
        } catch (error) {
            if (asking.signal.aborted) return;
            const again = button({ text: this.#texts.tryAgain, look: 'link' }, () => void this.refresh());
            this.#frame.replaceChildren(h('p', { className: 'empty' }, (error as Error).message, ' ', again));
        } finally {
            if (this.#asking === asking) this.#asking = undefined;
        }
    }

    /** Stops asking; answers whether it was. */
    stop(): boolean {
        this.#asking?.abort();
        return this.#asking !== undefined;
    }

    #show({ columns, rows, total }: RunsTableResult): void {
        this.#total = total;
        if (rows.length === 0) {
            this.#frame.replaceChildren(h('p', { className: 'empty' }, this.#texts.noRows));
        } else {
            const isNumber = columns.map((_, index) =>
                rows.every(({ cells }) => isNumeric(cells[index] ?? '')),
            );
            const look = (index: number): { className: string } => ({
                className: isNumber[index] ? 'number' : '',
            });
            const heading = columns.map((name, index) => h('th', { ...look(index), scope: 'col' }, name));
            const lines = rows.map(({ cells }) =>
                h('tr', {}, ...columns.map((_, index) => h('td', look(index), cells[index] ?? ''))),
            );
            const caption = h('caption', { className: 'unseen' }, this.#name);
            const table = h(
                'table',
                {},
                caption,
                h('thead', {}, h('tr', {}, ...heading)),
                h('tbody', {}, ...lines),
            );
            this.#frame.replaceChildren(table);
        }
        const end = this.#offset + rows.length;
        const shown = [this.#offset + Math.min(1, rows.length), end, total].map((n) =>
            this.#number.format(n),
        );
        this.#range.textContent = fill(this.#texts.rows, ...shown);
        this.#pager.hidden = total <= pageSize;
        const isAt = [this.#offset === 0, this.#offset === 0, end >= total, end >= total];
        // Disabled ones would lose the focus.
        this.#buttons.forEach((one, index) => one.setAttribute('aria-disabled', String(isAt[index])));
    }
}

function isNumeric(cell: string): boolean {
    return cell === '' || cell === 'NaN' || /^[-+−]?(∞|Infinity|\d[\d.,\s]*(e[-+]?\d+)?)$/i.test(cell);
}
