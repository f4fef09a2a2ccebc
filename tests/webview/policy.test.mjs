// @ts-check
// The policy of every page, read as a browser reads it; and that it holds: what is not the page's own neither runs nor
// is loaded nor styles anything, even if it got into the document.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';

import { root, until } from '../support/processes.mjs';
import { Pages } from './page.mjs';

/** @type {Pages} */
let pages;
before(async () => {
    pages = await Pages.start();
});
after(() => pages.stop());

const folder = path.join(root, 'build/webview');
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.js') ? [path.parse(file).name] : []));

/** The sources by directive. @param {string} policy */
function parsePolicy(policy) {
    const entries = policy.split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(/\s+/);
        return /** @type {const} */ ([name, sources]);
    });
    assert.equal(new Set(entries.map(([name]) => name)).size, entries.length, 'the first of two would count');
    return Object.fromEntries(entries);
}

test('there are pages', () => assert.ok(names.includes('run') && names.includes('runs'), String(names)));

for (const name of names) {
    test(`the policy of the page ${name} lets nothing run or load but its own files`, async () => {
        const opened = await pages.open(name, 'id', { answers: {} });
        const { page } = opened;
        const origin = new URL(page.url()).origin;
        const metas = page.locator('head meta[http-equiv="Content-Security-Policy"]');
        assert.equal(await metas.count(), 1);
        const { 'script-src': scripts = [], ...others } = parsePolicy(
            (await metas.getAttribute('content')) ?? '',
        );
        assert.deepEqual(others, {
            'default-src': ["'none'"],
            'style-src': [origin],
            'img-src': ['data:'],
            'base-uri': ["'none'"],
            'form-action': ["'none'"],
        });
        assert.equal(scripts.length, 1);
        assert.match(scripts[0] ?? '', /^'nonce-[\w-]{20,}'$/);
        // The policy comes before all that it is for.
        const first = await page.evaluate(() => {
            const loading = document.querySelector('script, link, style, img');
            const meta = document.querySelector('meta[http-equiv]');
            return meta !== null && loading !== null && (meta.compareDocumentPosition(loading) & 4) !== 0;
        });
        assert.ok(first);
        const scriptSources = await page
            .locator('script')
            .evaluateAll((all) => all.map((script) => [script.getAttribute('src'), script.textContent]));
        assert.deepEqual(scriptSources, [[`${origin}/${name}.js`, '']]);
        await opened.close();

        const code = readFileSync(path.join(folder, `${name}.js`), 'utf8');
        assert.doesNotMatch(
            code,
            /\beval\(|new Function\(|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/,
        );
        const style = readFileSync(path.join(folder, `${name}.css`), 'utf8');
        assert.doesNotMatch(style, /@import|url\((?!["']?data:)/);
    });

    test(`what gets into the page ${name} is neither run, loaded nor styled`, async () => {
        const opened = await pages.open(name, 'id', { answers: {} });
        await opened.page.evaluate(() => {
            const add = (
                /** @type {string} */ tag,
                /** @type {Record<string, string>} */ attributes,
                text = '',
            ) => {
                const element = document.createElement(tag);
                for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
                element.textContent = text;
                document.body.append(element);
                return element;
            };
            add('script', {}, 'window.ran = 1');
            add('script', { src: 'data:text/javascript,window.ran=1' });
            add('img', { src: `${location.origin}/stolen.png`, onerror: 'window.ran = 1' });
            add('p', { id: 'styled', style: 'position: fixed' });
            add('style', {}, '#plain { position: fixed }');
            add('p', { id: 'plain' });
            add('iframe', { src: 'data:text/html,<script>parent.ran=1</script>' });
            add('a', { href: 'javascript:window.ran=1' }).click();
            void fetch(`${location.origin}/told`).catch(() => undefined);
        });
        const blocked = [
            ...['script-src-elem', 'script-src-attr', 'style-src-attr', 'style-src-elem'],
            ...['img-src', 'frame-src', 'connect-src'],
        ];
        await until(() => blocked.every((directive) => opened.blocked.includes(directive)), 'all is blocked');
        const positions = await opened.page
            .locator('#styled, #plain')
            .evaluateAll((all) => all.map((element) => getComputedStyle(element).position));
        assert.deepEqual(positions, ['static', 'static']);
        // Later, since what a test evaluates itself is let through.
        const evaluated = await opened.page.evaluate(
            () =>
                new Promise((resolve) => {
                    setTimeout(() => {
                        try {
                            resolve(new Function('return true')());
                        } catch {
                            resolve(false);
                        }
                    });
                }),
        );
        assert.equal(evaluated, false);
        assert.equal(await opened.page.evaluate(() => 'ran' in window), false);
        await opened.close();
    });
}
