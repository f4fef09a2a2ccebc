// @ts-check
// What the check found, in tables for the test's output.

import { unknownVersion } from './exchange_check.mjs';
import { outside } from './outside.mjs';
import { quirks } from './quirks.mjs';

/** @typedef {import('../../support/emulator.mjs').Exchange} Exchange */
/** @typedef {import('./exchange_check.mjs').ExchangeCheck} ExchangeCheck */
/** @typedef {import('./exchange_check.mjs').Finding} Finding */

const otherVersions = 'Any operation, asked for with another api-version';

/** How often an operation was seen. @typedef {{ ours: number, others: number }} Count */

export class Report {
    /** @param {readonly Finding['side'][]} [sides] whose findings count */
    constructor(sides = ['request', 'response']) {
        this.sides = sides;
    }

    /** @type {Map<string, Count>} */
    operations = new Map();
    /** @type {Map<string, Count>} */
    undescribed = new Map();
    /** @type {Map<string, number>} */
    quirks = new Map(quirks.map(({ name }) => [name, 0]));
    /** Exchanges that nothing knows. @type {Set<string>} */
    unknown = new Set();
    /** What is wrong, with how often and one example. @type {Map<string, { count: number, finding: Finding, example: string }>} */
    findings = new Map();
    exchanges = 0;
    /** Answers that fault rules have made or spoilt: their requests count, they do not. */
    faults = 0;

    /**
     * @param {ExchangeCheck} check
     * @param {Exchange} exchange
     * @param {string} origin where it was recorded
     */
    add(check, exchange, origin) {
        this.exchanges += 1;
        if (exchange.fault !== undefined) this.faults += 1;
        const { operation, findings } = check.check(exchange);
        const isOurs = isOfTheProduct(exchange);
        if (operation === undefined) return this.#addUndescribed(exchange, isOurs);
        // Other clients ask for versions of their own.
        const version = findings.find(({ problem }) => problem === unknownVersion)?.value;
        if (!isOurs && version !== undefined) return count(this.undescribed, otherVersions, isOurs);
        count(this.operations, `${operation.document.name} ${operation.id}`, isOurs);
        for (const finding of findings) {
            if (!this.sides.includes(finding.side)) continue;
            if (finding.side === 'response' && exchange.fault !== undefined) continue;
            // What a test sends on purpose, and the service refuses, proves nothing about either.
            const isRefused = exchange.status >= 400 && exchange.status < 500;
            if (finding.side === 'request' && !isOurs && isRefused) continue;
            this.#addFinding(finding, `${exchange.method} ${exchange.url} ${exchange.status} (${origin})`);
        }
    }

    /** @param {Exchange} exchange @param {boolean} isOurs */
    #addUndescribed({ method, url }, isOurs) {
        const { pathname } = new URL(url);
        const known = outside.find(({ at }) => at.test(`${method} ${pathname}`));
        if (known !== undefined) count(this.undescribed, known.name, isOurs);
        else this.unknown.add(`${method} ${pathname}`);
    }

    /** @param {Finding} finding @param {string} example */
    #addFinding(finding, example) {
        const quirk = quirks.find(({ covers }) => covers(finding));
        if (quirk !== undefined) {
            this.quirks.set(quirk.name, (this.quirks.get(quirk.name) ?? 0) + 1);
            return;
        }
        const { operation, side, place, problem } = finding;
        const key = `${operation} ${side} ${withoutNames(place)} ${problem}`;
        const known = this.findings.get(key);
        if (known === undefined) this.findings.set(key, { count: 1, finding, example });
        else known.count += 1;
    }

    /** @param {readonly string[]} wanted operations of the product @returns {string[]} the ones it never called */
    missing(wanted) {
        const seen = new Set([...this.operations].filter(([, { ours }]) => ours > 0).map(([name]) => name.split(' ')[1]));
        return wanted.filter((id) => !seen.has(id));
    }

    get table() {
        const rows = (/** @type {Map<string, Count>} */ counts) =>
            [...counts]
                .sort(([one], [other]) => (one < other ? -1 : 1))
                .map(([name, { ours, others }]) => `${String(ours).padStart(7)} ${String(others).padStart(7)}  ${name}`);
        const validated = [...this.operations.values()].reduce((sum, { ours, others }) => sum + ours + others, 0);
        return [
            `${this.exchanges} exchanges recorded, ${validated} validated against ${this.operations.size} described operations`,
            `${this.faults} answers left out because a fault rule has made or spoilt them`,
            '   ours  others  operation',
            ...rows(this.operations),
            '   ours  others  operation without a description, and the reason',
            ...rows(this.undescribed).map((row) => `${row}: ${reasonOf(row)}`),
            '  times  where the description is wrong about the service, and the witness',
            ...quirks.map(({ name, witness }) => `${String(this.quirks.get(name)).padStart(7)}  ${name}: ${witness}`),
        ].join('\n');
    }

    get idleQuirks() {
        return [...this.quirks].filter(([, times]) => times === 0).map(([name]) => name);
    }

    get problems() {
        const found = [...this.findings].map(([key, { count: times, finding, example }]) => {
            const value = JSON.stringify(finding.value)?.slice(0, 120);
            return `${key} (${times}×)\n    value ${value}\n    in ${example}`;
        });
        return [...found, ...[...this.unknown].map((one) => `${one}: no description and no line in outside.mjs`)];
    }
}

/** @param {string} row */
function reasonOf(row) {
    const known = outside.find(({ name }) => row.endsWith(`  ${name}`));
    return known?.reason ?? 'by official clients older or newer than the descriptions';
}

/** The same place in every item of a list or dictionary. @param {string} place */
function withoutNames(place) {
    return place.replaceAll(/\/\d+(?=\/|$)/g, '/*').replace(/\/(successfulResults|errorResults)\/[^/]+/, '/$1/*');
}

/** Programs of ours name themselves. @param {Exchange} exchange */
function isOfTheProduct({ requestHeaders = {} }) {
    const agent = Object.entries(requestHeaders).find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
    return /^(aml|azureml-experiments)\b/.test(agent);
}

/** @param {Map<string, Count>} counts @param {string} name @param {boolean} isOurs */
function count(counts, name, isOurs) {
    const known = counts.get(name) ?? { ours: 0, others: 0 };
    counts.set(name, isOurs ? { ...known, ours: known.ours + 1 } : { ...known, others: known.others + 1 });
}
