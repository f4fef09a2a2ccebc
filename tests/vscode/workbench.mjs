// @ts-check
// What a person does in VS Code, in a person's words.
import fs from 'node:fs';
import path from 'node:path';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** One window. Every step waits for what it needs to see and fails with a screenshot's worth of context otherwise. */
export class Workbench {
    /** @param {Page} page @param {string} screenshots folder that keeps the pictures */
    constructor(page, screenshots) {
        this.page = page;
        this.screenshots = screenshots;
    }

    /** @param {string} address */
    async open(address) {
        await this.page.goto(address);
        await this.page.locator('.monaco-workbench').waitFor();
        // Contributions of the extension appear together with its icon.
        await this.activityIcon.waitFor({ timeout: 60_000 });
        await this.explorerRow(/\w/).first().waitFor();
    }

    /** @param {string} name */
    async screenshot(name) {
        fs.mkdirSync(this.screenshots, { recursive: true });
        await this.page.screenshot({ path: path.join(this.screenshots, `${name}.png`) });
    }

    /** @param {string | RegExp} name */
    explorerRow(name) {
        return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
    }

    /** @param {string} file @param {string} item */
    async chooseFromExplorerMenu(file, item) {
        await this.page.keyboard.press('Control+Shift+E');
        await this.explorerRow(file).first().click({ button: 'right' });
        const entry = this.menuItem(item);
        await entry.waitFor();
        await entry.click();
    }

    /** @param {string} text */
    menuItem(text) {
        return this.page.locator('.monaco-menu .action-item', { hasText: text }).first();
    }

    /** @param {string} command its title in the palette */
    async runCommand(command) {
        await this.page.keyboard.press('F1');
        const input = this.page.locator('.quick-input-widget .quick-input-filter input');
        await input.waitFor();
        await input.fill(`>${command}`);
        await this.pickRow(command).click();
    }

    get quickInput() {
        return this.page.locator('.quick-input-widget:visible');
    }

    /** @param {string | RegExp} label */
    pickRow(label) {
        return this.quickInput.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    }

    /** Waits for the step with this title and chooses an item. @param {string | RegExp} title @param {string | RegExp} label */
    async pick(title, label) {
        await this.step(title);
        await this.pickRow(label).click();
    }

    /** Waits for the step with this title, types and confirms. @param {string | RegExp} title @param {string} text */
    async type(title, text) {
        await this.step(title);
        const input = this.quickInput.locator('.quick-input-filter input');
        await input.fill(text);
        await this.page.keyboard.press('Enter');
    }

    /** @param {string | RegExp} title */
    async step(title) {
        await this.quickInput.locator('.quick-input-title', { hasText: title }).waitFor({ timeout: 20_000 });
    }

    /** @param {string | RegExp} text */
    notification(text) {
        return this.page.locator('.notification-list-item', { hasText: text }).first();
    }

    /** @param {string | RegExp} text @param {string} button */
    async answerNotification(text, button) {
        const notification = this.notification(text);
        await notification.waitFor({ timeout: 60_000 });
        await notification.locator('.monaco-button', { hasText: button }).click();
    }

    get activityIcon() {
        return this.page.locator('.activitybar .action-label[aria-label^="Azure ML"]');
    }

    async openSidebar() {
        await this.activityIcon.click();
        await this.page.locator('.sidebar .composite.title h2', { hasText: 'Azure ML' }).waitFor();
    }

    /** @param {string | RegExp} label */
    treeRow(label) {
        return this.page
            .locator('.tree-explorer-viewlet-tree-view .monaco-list-row', { hasText: label })
            .first();
    }

    /** Expands rows one below the other. @param {(string | RegExp)[]} labels */
    async expand(...labels) {
        for (const label of labels) {
            const row = this.treeRow(label);
            await row.waitFor({ timeout: 20_000 });
            if ((await row.getAttribute('aria-expanded')) === 'false') {
                await row.locator('.monaco-tl-twistie').click();
            }
        }
    }

    /** Presses the lens above the first line. @param {string} title */
    async pressLens(title) {
        await this.page.locator('.codelens-decoration a', { hasText: title }).first().click();
    }

    /** Replaces text in the active editor with the editor's own Replace. @param {string} from @param {string} to */
    async replaceInEditor(from, to) {
        await this.page.keyboard.press('Control+H');
        const widget = this.page.locator('.find-widget.visible');
        await widget.locator('.find-part textarea').fill(from);
        await widget.locator('.replace-part textarea').fill(to);
        await this.page.keyboard.press('Control+Alt+Enter');
        await this.page.keyboard.press('Escape');
    }

    async save() {
        await this.page.keyboard.press('Control+S');
    }
}
