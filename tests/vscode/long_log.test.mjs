// @ts-check
// A log of 200 MB that grows: its end is there at once and stays in view, all of it can be searched, and meanwhile the
// editor and the server do what else is wanted. How long that takes is measured by tests/bench.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {import('./workbench.mjs').Workbench} Workbench */

const onStage = stage({
    emulator: {
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] },
        args: ['--node-start', '50'],
    },
    editor: (emulator) => ({ env: emulator.environment }),
});

const megabyte = 1_000_000;
const lines = 2_000_000;
/** An editor shows the last 4 MiB; what else looks at the log reads less. */
const mostToOpen = 5 * megabyte;
/** The server's memory: it has a few pieces of a log at a time, never all of it. Measured: 65 MB, and 125 MB. */
const mostToFollow = 120 * megabyte;
const mostToSearch = 190 * megabyte;

/** What a run prints: many lines, and then what it is told to. @param {string} told a file that grows */
function source(told) {
    return `
import sys, time

for first in range(0, ${lines}, 100_000):
    sys.stdout.write("".join(f"{number:07} {'y' * 91}\\n" for number in range(first, first + 100_000)))
print("all of it", flush=True)
told = open(${JSON.stringify(told)})
while True:
    text = told.read()
    if text == "":
        time.sleep(0.05)
        continue
    sys.stdout.write(text.removesuffix("stop\\n"))
    sys.stdout.flush()
    if text.endswith("stop\\n"):
        break
`;
}

/** Bytes of the run's log that were sent since so many exchanges. @param {Scene} scene @param {number} since */
function bytesRead({ stage: { emulator } }, since) {
    return emulator
        .exchanges()
        .slice(since)
        .filter(({ method, url, status }) => method === 'GET' && status === 206 && /std_log\.txt/.test(url))
        .reduce((sum, { responseBody }) => sum + responseBody.length, 0);
}

/** The server of the window, and the most memory that it has used, in bytes. @param {Scene} scene */
function server({ stage }) {
    const ids = stage.running('serve');
    // One that the server is just starting is a copy of it until it has become another program, or is gone.
    const found = ids.flatMap((id) => {
        const status = statusOf(id);
        const isCopy = ids.includes(Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]));
        const memory = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
        return status === '' || isCopy ? [] : [{ id, memory }];
    });
    const [one, ...others] = found;
    assert.ok(one !== undefined && others.length === 0, `${found.length} servers`);
    return one;
}

/** What Linux says of a process; nothing once it has ended. @param {number} id */
function statusOf(id) {
    try {
        return fs.readFileSync(`/proc/${id}/status`, 'utf8');
    } catch {
        return '';
    }
}

onStage('a log of 200 MB is followed while everything else goes on', async (scene) => {
    const project = new Project(scene.stage.emulator).bind();
    const told = path.join(project.base, 'told');
    fs.writeFileSync(told, '');
    const tell = (/** @type {string} */ text) => fs.appendFileSync(told, text);
    project.script('train.py', source(told), { experiment_name: 'long' });
    const run = await project.json(['run', 'train.job.json']);
    assert.equal(run.code, 0, run.stderr);
    // Two editors have room for their search fields.
    const workbench = await scene.window(project.folder, { viewport: { width: 1720, height: 900 } });
    const servers = new Set();
    const checkServer = (/** @type {number} */ most) => {
        const { id, memory } = server(scene);
        assert.equal(servers.add(id).size, 1);
        assert.ok(memory < most, `the server has used ${memory} bytes`);
    };
    await scene.step('wait until it has printed 200 MB', async () => {
        await workbench.openSidebar();
        await workbench.expand('Demo Subscription', 'demo-workspace', 'Experiments', 'long');
        await workbench.treeRow(/train.*running/).waitFor();
        const { name } = run.values.at(-1);
        await until(async () => {
            const { stdout } = await project.aml(['logs', name, '--search', 'all of it']);
            return stdout === `user_logs/std_log.txt:${lines + 1}: all of it\n`;
        }, 'it has printed all of it');
    });
    await scene.step('open it at its end', async () => {
        await workbench.openFile('train.job.json');
        await workbench.openSidebar();
        const before = scene.stage.emulator.exchanges().length;
        await workbench.chooseFromRowMenu(/train.*running/, 'Show log');
        await workbench.line(/^all\sof\sit$/).waitFor();
        await workbench.line(/^1999999\sy+$/).waitFor();
        const bytes = bytesRead(scene, before);
        assert.ok(bytes >= 4 * megabyte && bytes < mostToOpen, `${bytes} bytes were read`);
        checkServer(mostToFollow);
        await workbench.picture('long log 01 opened');
    });
    await scene.step('see line after line', async () => {
        await workbench.runCommand('View: Move Editor into Right Group');
        await workbench.page.locator('.editor-group-container').nth(1).waitFor();
        for (const line of ['one', 'two', 'three']) {
            tell(`${line} more\n`);
            await workbench.line(new RegExp(`^${line}\\smore$`)).waitFor();
        }
    });
    await scene.step('write something while megabytes come', async () => {
        for (const [round, [from, to]] of [
            ['train.py', 'none.py'],
            ['none.py', 'train.py'],
        ].entries()) {
            tell(`${'z'.repeat(99)}\n`.repeat(100_000) + `burst ${round}\n`);
            await workbench.replaceInEditor(`python ${from}`, `python ${to}`);
            // The server tells what it thinks of it.
            const problems = workbench.page.locator('.editor-instance .squiggly-error');
            if (round === 0) await problems.first().waitFor();
            else await problems.first().waitFor({ state: 'detached' });
            await workbench.line(new RegExp(`^burst\\s${round}$`)).waitFor();
            const shown = workbench.page.locator('.editor-group-container').nth(1).locator('.view-line');
            await until(async () => (await shown.count()) > 20, 'what is above it is in view too');
            await workbench.picture(`long log 02 followed while one writes ${round + 1}`);
        }
        await workbench.save();
        checkServer(mostToFollow);
    });
    await scene.step('read above while megabytes come', async () => {
        await workbench.line(/^burst\s1$/).click();
        await workbench.press('Control+Home');
        const above = workbench.line(/MB\sbefore\sthis\sare\snot\sshown/);
        const before = await above.textContent();
        tell(`${'z'.repeat(99)}\n`.repeat(100_000));
        await until(async () => (await above.textContent()) !== before, 'more lies before what is shown');
        assert.ok(await above.isVisible());
        await workbench.picture('long log 03 read above');
    });
    await scene.step('search it', async () => {
        await workbench.runCommand('Azure ML: Search in log…');
        await workbench.type('Search in the log of train', '0123456 ');
        await workbench.quickInput.getByText('1 line', { exact: true }).waitFor();
        await workbench.pickRow('std_log.txt:123457').click();
        await workbench.tab('std_log.txt-123457.log').waitFor();
        await workbench.line(/^0123456\sy+$/).waitFor();
        await until(async () => {
            await workbench.press('Control+C');
            const line = await workbench.page.evaluate(() => navigator.clipboard.readText());
            return /^0123456 y+\n$/.test(line);
        }, 'the cursor is in that line');
        checkServer(mostToSearch);
        await workbench.picture('long log 04 found');
    });
    await scene.step('see its end', async () => {
        await workbench.tab('train.log').click();
        await workbench.page.locator('.editor-group-container.active .view-lines').first().click();
        await workbench.press('Control+End');
        tell('the end\nstop\n');
        await workbench.line(/^the\send$/).waitFor();
        await workbench.treeRow(/train.*completed/).waitFor();
        checkServer(mostToSearch);
        await workbench.picture('long log 05 end');
    });
    project.remove();
});
