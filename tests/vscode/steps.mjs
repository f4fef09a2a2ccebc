// @ts-check
// Steps that lead out of VS Code, into another tab of the browser.

import path from 'node:path';

import { until } from '../support/processes.mjs';

/** @typedef {import('./workbench.mjs').Workbench} Workbench */

/**
 * Approves a device code as a person does: presses the button of the message, enters the code, and goes on.
 * @param {Workbench} workbench
 * @param {string} [codePicture]
 * @param {string} [pagePicture]
 */
export async function approve(workbench, codePicture, pagePicture) {
    // In whatever language: the one with a code and a choice of buttons; the progress has the code too, but only Cancel.
    const message = workbench.notification(/\b[A-Z0-9]{9}\b/, { choice: true });
    const text = (await message.textContent()) ?? '';
    const [, address = ''] = /(http\S+)/.exec(text) ?? [];
    const [code = ''] = /\b[A-Z0-9]{9}\b/.exec(text) ?? [];
    if (codePicture !== undefined) await workbench.picture(codePicture);
    const page = await followLink(workbench, address, () =>
        message.locator('.monaco-button').first().click(),
    );
    await page.getByLabel('Code').fill(code);
    if (pagePicture !== undefined)
        await page.screenshot({ path: path.join(workbench.pictures, `${pagePicture}.png`) });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('You are signed in').waitFor();
    await page.close();
}

/** Opens a run's page in the portal from its context menu. @param {Workbench} workbench @param {string | RegExp} run */
export async function openPortal(workbench, run) {
    const { page } = workbench;
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await workbench.chooseFromRowMenu(run, 'Copy portal link');
    const read = () => page.evaluate(() => navigator.clipboard.readText());
    const address = await until(async () => (await read()) || undefined, 'the link is on the clipboard');
    return followLink(workbench, address, () => workbench.chooseFromRowMenu(run, 'Open run in portal'));
}

/**
 * The page that opens in a tab of its own.
 * @param {Workbench} workbench
 * @param {string} address where it should lead
 * @param {() => Promise<void>} click
 */
async function followLink(workbench, address, click) {
    const [page] = await Promise.all([workbench.page.context().waitForEvent('page'), click()]);
    await page.waitForLoadState();
    const wanted = new URL(address);
    // code-server 4.100 opens links to this machine without their path (later ones keep it).
    if (new URL(page.url()).pathname !== wanted.pathname) await page.goto(address);
    return page;
}
