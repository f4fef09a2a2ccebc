// @ts-check
// What keeps people from using a page.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What is wrong with the page, by the rules of WCAG 2.1 A and AA and what axe holds good practice.
 * @param {import('./page.mjs').OpenPage} opened
 */
export async function violations({ page }) {
    await page.evaluate(axe);
    return page.evaluate(async () => {
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
        // Whether there is a heading of the first level in a page within the page VS Code decides.
        const result = await /** @type {any} */ (window).axe.run(document, { runOnly: tags });
        return result.violations.map((/** @type {any} */ { id, nodes }) => ({
            id,
            nodes: nodes.map((/** @type {any} */ node) => `${node.html} ${node.failureSummary}`),
        }));
    });
}
