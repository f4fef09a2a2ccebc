import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentSecurityPolicy, pageHtml } from '../src/model/pageHtml';

const source = {
    script: 'https://files/run.js',
    style: 'https://files/run.css',
    cspSource: 'https://files',
    nonce: 'n0nce',
    language: 'en',
};

void test('a page runs nothing but its own code, loads nothing but its style sheet, and sends nothing', () => {
    assert.equal(
        contentSecurityPolicy(source),
        "default-src 'none'; script-src 'nonce-n0nce'; style-src https://files; img-src data:; base-uri 'none'; form-action 'none'",
    );
    assert.doesNotMatch(contentSecurityPolicy(source), /unsafe|\*/);
});

void test('whatever an id or a text has in it stays a text', () => {
    const html = pageHtml(source, { id: `"><script>alert('1')</script>`, texts: { one: '<b>&"\'' } });
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.doesNotMatch(html, /<b>/);
    assert.match(html, /data-page="\{&quot;id&quot;:/);
});
