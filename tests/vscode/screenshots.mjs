// @ts-check
// `npm run screenshots`: plays the stories in the newest VS Code and cuts from its pictures those that the README and the
// walkthrough show.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { root } from '../support/processes.mjs';
import { openBrowser } from './editor.mjs';
import { versions } from './install.mjs';

const from = path.join(root, 'build/screenshots', versions.newest.version);
const to = path.join(root, 'client-ts/media/walkthrough');
const size = { width: 560, height: 420 };

/** Each with the place of its left upper corner, and how much it is made smaller. */
const cuts = [
    { picture: 'story 04 tree', as: 'tree', x: 0, y: 30, scale: 1 },
    { picture: 'story 05 menu', as: 'menu', x: 0, y: 30, scale: 1 },
    { picture: 'story 13 compute configuration', as: 'questions', x: 335, y: 30, scale: 0.9 },
    { picture: 'story 15 run configuration', as: 'submit', x: 352, y: 30, scale: 1 },
    { picture: 'story 18 running', as: 'run', x: 0, y: 30, scale: 1 },
    { picture: 'watching English 01 run after 40 steps', as: 'page', x: 352, y: 30, scale: 0.607 },
    { picture: 'watching English 06 overlaid', as: 'table', x: 352, y: 30, scale: 0.607 },
    { picture: 'watching English 03 failed', as: 'failed', x: 352, y: 30, scale: 0.607 },
    { picture: 'story 21 repeat', as: 'repeat', x: 0, y: 60, scale: 1 },
    { picture: 'story 22 both runs', as: 'both', x: 0, y: 30, scale: 1 },
];

const stories = ['story_newest', 'watching'].map((name) => path.join(root, `tests/vscode/${name}.test.mjs`));
if (spawnSync('node', ['--test', '--test-concurrency=1', ...stories], { stdio: 'inherit' }).status !== 0)
    process.exit(1);

fs.mkdirSync(to, { recursive: true });
const browser = await openBrowser();
const page = await browser.newPage({ viewport: size });
for (const { picture, as, x, y, scale } of cuts) {
    const data = fs.readFileSync(path.join(from, `${picture}.png`)).toString('base64');
    await page.setContent(
        `<body style="margin:0;overflow:hidden"><img src="data:image/png;base64,${data}" style="display:block;` +
            `transform-origin:0 0;transform:scale(${scale}) translate(${-x}px,${-y}px)">`,
    );
    await page.locator('img').evaluate((image) => /** @type {HTMLImageElement} */ (image).decode());
    await page.screenshot({ path: path.join(to, `${as}.png`) });
}
await browser.close();
process.stdout.write(`The pictures are in ${path.relative(root, to)}.\n`);
