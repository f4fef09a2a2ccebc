// @ts-check
// A configuration that runs on this computer, is debugged there, and is then submitted as it is.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

import { pythonWithDebugpy } from '../support/debug_adapter.mjs';
import { stage } from './scene.mjs';

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'aml-debugpy-'));
after(() => fs.rmSync(home, { recursive: true, force: true }));

const onStage = stage({
    emulator: { args: ['--node-start', '50'] },
    editor: (emulator) => ({
        extensions: ['debugpy'],
        env: {
            TEST_DEBUGPY_PYTHON: pythonWithDebugpy(home),
            XDG_CACHE_HOME: path.join(home, 'cache'),
            AZURE_TENANT_ID: emulator.ready.tenantId,
            AZURE_CLIENT_ID: emulator.ready.clientId,
            AZURE_CLIENT_SECRET: emulator.ready.clientSecret,
        },
    }),
});

const configuration = {
    type: 'command',
    experiment_name: 'here',
    display_name: 'counting',
    compute: 'azureml:cpu-cluster',
    code: '.',
    command: 'python count.py --to ${{inputs.to}}',
    inputs: { to: 3 },
    environment: { image: 'an/image', conda_file: { dependencies: ['python', 'pip'] } },
};
const script = `import sys

total = 0
for number in range(int(sys.argv[2])):
    total += number
print("total", total)
`;

onStage('runs here, stops at a breakpoint, and is submitted unchanged', async (scene) => {
    const { emulator } = scene.stage;
    const folder = scene.stage.project('counting');
    fs.mkdirSync(path.join(folder, '.azureml'));
    fs.writeFileSync(path.join(folder, '.azureml/config.json'), JSON.stringify(emulator.binding));
    fs.writeFileSync(path.join(folder, 'count.py'), script);
    fs.writeFileSync(path.join(folder, 'count.job.json'), JSON.stringify(configuration, undefined, 4));
    const workbench = await scene.window(folder);
    await workbench.openFile('count.job.json');
    await scene.step('run on this computer', async () => {
        await workbench.lens('Run on this computer').click();
        await workbench.answerNotification('runs on this computer', 'Show run');
        await workbench.openSidebar();
        await workbench.treeRow(/counting.*completed/).waitFor();
        const shown = workbench.webPage;
        await shown.getByRole('heading', { level: 1, name: 'counting' }).waitFor();
        await shown.locator('.status', { hasText: 'completed' }).waitFor();
        await workbench.picture('local 01 completed');
    });
    await scene.step('debug it with F5', async () => {
        await workbench.openFile('count.py');
        await workbench.line('total += number').click();
        await workbench.press('F9');
        await workbench.openFile('count.job.json');
        await workbench.press('F5');
        const stopped = workbench.page.locator('.debug-top-stack-frame-line');
        await stopped.waitFor();
        await workbench.picture('local 02 stopped at the breakpoint');
        await workbench.press('F9');
        await workbench.press('F5');
        await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    });
    await scene.step('submit it as it is', async () => {
        await workbench.openFile('count.job.json');
        await workbench.lens('Submit Experiment').click();
        await workbench.answerNotification('was submitted', 'Show run');
        await workbench
            .treeRow(/counting.*completed/)
            .nth(1)
            .waitFor();
        await workbench.picture('local 03 submitted');
        assert.equal(
            fs.readFileSync(path.join(folder, 'count.job.json'), 'utf8'),
            JSON.stringify(configuration, undefined, 4),
        );
    });
});
