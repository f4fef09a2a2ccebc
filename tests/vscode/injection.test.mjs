// @ts-check
// What scripts write is text wherever VS Code shows it: names of metrics, parameters, tags and files, logs, and files
// that are pages themselves. Nothing of it runs, and nothing of it is styled.

import assert from 'node:assert/strict';

import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

const onStage = stage({
    emulator: {
        seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] },
        args: ['--node-start', '50'],
    },
    editor: (emulator) => ({ env: emulator.environment }),
});

const evil = `<img src=x onerror="self.ran=1"><script>self.ran=1</script><style>*{color:#010203}</style>`;
/** What Azure allows in a name. */
const evilName = 'a <b onclick=self.ran=1> b';

onStage('what a script wrote neither runs nor is styled', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator).bind();
    const source = `
import os
os.makedirs("outputs", exist_ok=True)
page = ${JSON.stringify(evil)}
open("outputs/page.html", "w").write(page)
open("outputs/picture.svg", "w").write('<svg xmlns="http://www.w3.org/2000/svg" onload="self.ran=1"/>')
open("outputs/<b onclick=self.ran=1>.txt", "w").write(page)
print(page, flush=True)
raise ValueError(page)
`;
    project.script('train.py', source, { experiment_name: 'evil', display_name: evil });
    const run = await project.json(['run', 'train.job.json', '--follow']);
    const { name } = run.values.find((/** @type {any} */ { name }) => name !== undefined);
    const batch = `/mlflow/v2.0${emulator.workspaceId}/api/2.0/mlflow/runs/log-batch`;
    const metrics = [0, 1, 2].map((step) => ({ key: evilName, value: step, timestamp: step, step }));
    const body = {
        run_id: name,
        metrics,
        params: [{ key: evilName, value: evil }],
        tags: [{ key: evilName, value: evil }],
    };
    assert.equal((await emulator.arm('POST', batch, body)).status, 200);

    const workbench = await scene.window(project.folder);
    const shown = workbench.webPage;
    const violations = /** @type {string[]} */ ([]);
    workbench.page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });
    /** Looks at everything that is shown. */
    const check = async () => {
        for (const frame of workbench.page.frames()) {
            const found = await frame
                .evaluate(() => ({
                    ran: 'ran' in window,
                    colored: [...document.querySelectorAll('body *')].filter(
                        (element) => getComputedStyle(element).color === 'rgb(1, 2, 3)',
                    ).length,
                }))
                .catch(() => ({ ran: false, colored: 0 })); // It has gone meanwhile.
            assert.deepEqual(found, { ran: false, colored: 0 }, frame.url());
        }
    };

    await scene.step('its page', async () => {
        await workbench.openSidebar();
        await workbench.expand('Demo Subscription', 'demo-workspace', 'Experiments', 'evil');
        await workbench
            .treeRow(/onerror/)
            .first()
            .click();
        await shown.getByRole('heading', { level: 1, name: evil }).waitFor();
        await shown.getByRole('heading', { name: /ValueError: <img/ }).waitFor();
        await shown.getByRole('figure').first().waitFor();
        await check();
        await workbench.picture('injection 01 page');
    });
    await scene.step('its files', async () => {
        for (const file of [
            'outputs/page.html',
            'outputs/picture.svg',
            'outputs/<b onclick=self.ran=1>.txt',
        ]) {
            await shown.getByText(file, { exact: true }).first().click();
        }
        await shown.locator('pre', { hasText: 'onerror' }).first().waitFor();
        await check();
    });
    await scene.step('the table', async () => {
        await workbench.chooseFromRowMenu('evil', 'Show runs as a table');
        await shown.getByText('1 run', { exact: true }).waitFor();
        await shown.locator('.mark').first().click();
        await shown.getByRole('figure').first().waitFor();
        await check();
        await workbench.picture('injection 02 table');
    });
    await scene.step('its log', async () => {
        await workbench.chooseFromRowMenu(/onerror/, 'Show log');
        await workbench.line(/<img\ssrc=x\sonerror/).waitFor();
        await check();
        await workbench.picture('injection 03 log');
    });
    assert.deepEqual(violations, []);
    project.remove();
});
