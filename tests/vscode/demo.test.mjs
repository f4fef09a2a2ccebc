// @ts-check
// `npm run demo:vscode` shows an address that answers, and Ctrl-C ends everything it has started.

import assert from 'node:assert/strict';
import path from 'node:path';
import test, { after } from 'node:test';

import { killWhatRuns, Program, root } from '../support/processes.mjs';

after(killWhatRuns);

test('the demo for a person starts, answers and ends', async () => {
    const demo = new Program('node', [path.join(root, 'tests/vscode/demo.mjs')]);
    const [, address = ''] = await demo.output(/^Open (http\S+)$/m);
    const page = await fetch(address);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /workbench/);
    demo.child.kill('SIGINT');
    const { code, stderr } = await demo.ended;
    assert.equal(code, 0, stderr);
    await assert.rejects(fetch(address), 'the editor has ended');
});
