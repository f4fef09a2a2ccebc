// @ts-check
// What a person does in VS Code, in a person's words.

import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** Whether it does in the time that was given to it. @param {Promise<void>} wait */
function happens(wait) {
    return wait.then(
        () => true,
        () => false,
    );
}

/** One window. Every step waits for what it needs to see. */
export class Workbench {
    /** @param {Page} page @param {string} pictures folder that keeps the pictures */
    constructor(page, pictures) {
        this.page = page;
        this.pictures = pictures;
    }

    /** Shows a folder and waits until the extension's contributions are there. @param {string} address */
    async open(address) {
        await this.page.goto(address);
        await this.ready();
    }

    async reload() {
        await this.page.reload();
        await this.ready();
    }

    async ready() {
        await this.page.locator('.monaco-workbench').waitFor();
        await this.activityIcon.waitFor();
        // VS Code adds the last parts of itself while it has nothing else to do, which may take a busy machine long;
        // until then menus hold the folder for one that nobody trusts, and an open menu does not change any more.
        await this.page.waitForFunction(
            (mark) => performance.getEntriesByName(mark).length > 0,
            'code/didCreateWorkbenchContributions/3',
        );
    }

    /** Leaves as a person does who closes the window, so that the editor ends what belongs to it. */
    async close() {
        await this.page.goto('about:blank');
        await this.page.close();
    }

    /** @param {string} name */
    async picture(name) {
        fs.mkdirSync(this.pictures, { recursive: true });
        // As it is once everything has come to rest.
        await this.page.screenshot({ path: path.join(this.pictures, `${name}.png`), animations: 'disabled' });
    }

    /** @param {string} key as Playwright names it, e.g. "Control+S" */
    async press(key) {
        await this.page.keyboard.press(key);
    }

    // --- explorer and menus

    async openExplorer() {
        const folders = this.page.locator('.explorer-folders-view');
        // A run that is revealed meanwhile takes its place.
        await until(async () => {
            if (!(await folders.isVisible())) {
                await this.page.locator('.activitybar .action-label.codicon-explorer-view-icon').click();
            }
            return happens(this.explorerRow(/\w/).first().waitFor({ timeout: 3000 }));
        }, 'the explorer is open');
    }

    /** @param {string | RegExp} name */
    explorerRow(name) {
        return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    }

    /** Opens the context menu of a file. @param {string} file */
    async rightClickFile(file) {
        await until(async () => {
            await this.openExplorer();
            return happens(this.explorerRow(file).click({ button: 'right', timeout: 10_000 }));
        }, `${file} is clicked`);
        await this.page.locator('.monaco-menu').first().waitFor();
    }

    /** @param {string | RegExp} text */
    menuItem(text) {
        return this.page.locator('.monaco-menu .action-item', { hasText: text }).first();
    }

    /** Presses an item of the menu that is open. @param {string | RegExp} text */
    async chooseMenuItem(text) {
        const menu = this.page.locator('.monaco-menu');
        // A menu that has just opened ignores the mouse for a moment, so that no slip of the hand chooses.
        await until(async () => {
            await this.menuItem(text).click();
            return happens(menu.waitFor({ state: 'hidden', timeout: 1000 }));
        }, `the menu has taken "${text}"`);
    }

    /** @param {string} file @param {string} item */
    async chooseFromFileMenu(file, item) {
        await this.rightClickFile(file);
        await this.chooseMenuItem(item);
    }

    /** @param {string} file */
    async openFile(file) {
        await this.openExplorer();
        await this.explorerRow(file).dblclick();
        await this.tab(file).waitFor();
    }

    // --- quick input: palette and wizard

    /** @param {string} command its title in the palette */
    async runCommand(command) {
        await this.press('F1');
        await this.quickInput.locator('input').first().fill(`>${command}`);
        await this.choose(command);
    }

    get quickInput() {
        return this.page.locator('.quick-input-widget:visible');
    }

    /** The text field of a step. */
    get field() {
        return this.quickInput.locator('.quick-input-box input');
    }

    /** Waits for a step of the wizard with this title. @param {string | RegExp} title */
    async step(title) {
        await this.quickInput.locator('.quick-input-title', { hasText: title }).waitFor();
    }

    /** @param {string | RegExp} label */
    pickRow(label) {
        return this.quickInput.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    }

    /** Waits for the step with this title and chooses an item. @param {string} title @param {string | RegExp} label */
    async pick(title, label) {
        await this.step(title);
        await this.choose(label);
    }

    /** Clicks a row of the list, also when the tooltip of what the mouse rests on lies over it. @param {string | RegExp} label */
    async choose(label) {
        await until(async () => {
            await this.page.mouse.move(0, 0);
            return happens(this.pickRow(label).click({ timeout: 5000 }));
        }, `the list's row ${label} is chosen`);
    }

    /** Checks rows of a list of which several can be chosen; so many and no others are then. @param {string[]} labels */
    async check(...labels) {
        for (const label of labels) await this.pickRow(label).locator('.monaco-checkbox').click();
        await this.quickInput.getByText(`${labels.length} Selected`).waitFor();
    }

    /** Takes what is checked. The key would change the box that was clicked last. */
    async confirm() {
        await this.quickInput.getByRole('button', { name: 'OK' }).click();
    }

    /** Waits for the step with this title, types instead of what is there and confirms. @param {string} title @param {string} text */
    async type(title, text) {
        await this.step(title);
        await this.field.fill(text);
        await this.press('Enter');
    }

    get backButton() {
        return this.quickInput.getByRole('button', { name: 'Back' });
    }

    // --- notifications

    /** @param {string | RegExp} text @param {{ choice?: boolean }} [options] choice: only one with several buttons */
    notification(text, { choice = false } = {}) {
        const items = this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
        const buttons = this.page.locator(':nth-match(.monaco-text-button, 2)');
        return (choice ? items.filter({ has: buttons }) : items).first();
    }

    /** @param {string | RegExp} text @param {string} button */
    async answerNotification(text, button) {
        // A folded notification shows no buttons.
        const shown = this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
        await shown.locator('.monaco-button', { hasText: button }).first().click();
    }

    // --- our sidebar

    get activityIcon() {
        return this.page.locator('.activitybar .action-label[aria-label^="Azure ML"]');
    }

    /** Our icon with the number that may lie over it. */
    get activityItem() {
        return this.page.locator('.activitybar .action-item', {
            has: this.page.locator('.action-label[aria-label^="Azure ML"]'),
        });
    }

    /** The number on our icon in the activity bar. @param {string} text */
    badge(text) {
        return this.activityItem.locator('.badge-content', { hasText: text });
    }

    get tree() {
        return this.page.locator('.tree-explorer-viewlet-tree-view');
    }

    /** The document of the page of ours in front, in the frames that VS Code puts around it. */
    get webPage() {
        return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    }

    async openSidebar() {
        const title = this.page.locator('.sidebar .composite.title', { hasText: 'Azure ML' });
        // A run that is revealed meanwhile opens it too, and then the click closes it.
        await until(async () => {
            if (await title.isVisible()) return true;
            await this.activityItem.click();
            return happens(title.waitFor({ timeout: 3000 }));
        }, 'the sidebar is open');
    }

    /** A button of the welcome view. @param {string} name */
    welcomeButton(name) {
        return this.page.locator('.welcome-view-content').getByRole('button', { name, exact: true });
    }

    /** @param {string | RegExp} label */
    treeRow(label) {
        return this.tree.locator('.monaco-list-row', { hasText: label });
    }

    /** Expands rows one below the other. @param {(string | RegExp)[]} labels */
    async expand(...labels) {
        for (const label of labels) {
            const row = this.treeRow(label).first();
            await row.waitFor();
            if ((await row.getAttribute('aria-expanded')) === 'false') {
                await row.locator('.monaco-tl-twistie').click();
            }
        }
    }

    /** Drags the sidebar's edge to the right. @param {number} pixels */
    async widenSidebar(pixels) {
        const box = await this.page.locator('.part.sidebar').boundingBox();
        if (box === null) throw new Error('There is no sidebar.');
        const edge = { x: box.x + box.width, y: box.y + box.height / 3 };
        await this.page.mouse.move(edge.x, edge.y);
        await this.page.mouse.down();
        await this.page.mouse.move(edge.x + pixels, edge.y, { steps: 5 });
        await this.page.mouse.up();
        // What the mouse rests on is lit up, or explained: below the last row there is nothing.
        await this.page.mouse.move(box.x + 40, box.y + box.height - 20);
        await this.page.locator('.monaco-sash.hover, .monaco-sash.active').waitFor({ state: 'detached' });
    }

    /** @param {string} label of the button, in the language of the extension */
    async refresh(label = 'Refresh') {
        await this.page.locator('.sidebar .composite.title').hover();
        await this.page.locator('.sidebar').getByRole('button', { name: label, exact: true }).click();
    }

    /** Opens the context menu of a row and chooses from it. @param {string | RegExp} label @param {string} item */
    async chooseFromRowMenu(label, item) {
        await this.treeRow(label).first().click({ button: 'right' });
        await this.chooseMenuItem(item);
    }

    /** A line of the output panel. @param {string} text */
    output(text) {
        return this.page.locator('.panel .view-line', { hasText: text }).first();
    }

    // --- editor

    /** @param {string} name */
    tab(name) {
        return this.page.locator('.tab', { hasText: name });
    }

    /** A line in an editor that is in view. @param {string | RegExp} text */
    line(text) {
        return this.page.locator('.editor-instance .view-line', { hasText: text }).first();
    }

    /** Clicks a link in an editor, which is drawn anew under the mouse. @param {string} text */
    async followLink(text) {
        const link = this.page.locator('.editor-instance .detected-link', { hasText: text }).first();
        await link.waitFor();
        const box = await link.boundingBox();
        if (box === null) throw new Error(`There is no link ${text}.`);
        await this.page.keyboard.down('Control');
        await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
        await this.page.keyboard.up('Control');
    }

    /** @param {string | RegExp} title */
    lens(title) {
        return this.page.locator('.codelens-decoration a', { hasText: title }).first();
    }

    /** Replaces text in the active editor with the editor's own Find and Replace. @param {string} from @param {string} to */
    async replaceInEditor(from, to) {
        await this.page.locator('.editor-instance .view-lines').first().click();
        await this.press('Control+H');
        const widget = this.page.locator('.find-widget.visible');
        await widget.locator('.find-part textarea').fill(from);
        await widget.locator('.replace-part textarea').fill(to);
        await widget.locator('.matchesCount', { hasText: /\d+ of \d+/ }).waitFor();
        await this.press('Control+Alt+Enter');
        await this.page.locator('.tab.active.dirty').waitFor();
        await this.press('Escape');
        await widget.waitFor({ state: 'hidden' });
    }

    async save() {
        await this.press('Control+S');
        await this.page.locator('.tab.active:not(.dirty)').waitFor();
    }
}
