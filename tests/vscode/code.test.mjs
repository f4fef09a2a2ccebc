// @ts-check
// The code of runs in VS Code's own comparison, and a run repeated with changes, in a real VS Code.

import assert from 'node:assert/strict';

import { until } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

const onStage = stage({
    emulator: { seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }] } },
    editor: (emulator) => ({ env: emulator.environment }),
});

onStage('code is compared, and a run is repeated with changes', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("one")\n', {
        experiment_name: 'code',
        command: 'python train.py --rate 0.1',
    });
    const workbench = await scene.window(project.folder);
    const { page } = workbench;
    const changed = page.locator('.multiDiffEntry, .multi-diff-editor .diff-editor').first();

    await scene.step('submit it', async () => {
        await workbench.openFile('train.job.json');
        await workbench.lens('Submit Experiment').click();
        await workbench.notification('was submitted').waitFor();
        await workbench.answerNotification('was submitted', 'Show run');
        await workbench.treeRow(/train.*completed/).waitFor();
    });

    await scene.step('compare its code with the folder', async () => {
        project.write('train.py', 'print("two")\n');
        project.write('more.py', 'x = 1\n');
        await workbench.chooseFromRowMenu(/train.*completed/, 'Compare code with…');
        await workbench.pick('Compare code with', /project/);
        await workbench.tab('Code of train and project').waitFor();
        await changed.waitFor();
        await page.getByText('more.py').first().waitFor();
        await page.locator('.view-line').filter({ hasText: 'print("two")' }).first().waitFor();
        await workbench.picture('code 01 compared with the folder');
    });

    await scene.step('repeat it with another rate', async () => {
        await workbench.chooseFromRowMenu(/train.*completed/, 'Repeat with changes…');
        await workbench.tab('Changes to train').waitFor();
        await workbench.notification('differs from that of train in 2 files').waitFor();
        await workbench.picture('code 02 repeated');
        const [name = ''] = [...emulator.createdJobs()].map(String);
        const file = `.azureml/${name}.job.json`;
        project.write(file, project.read(file).replace('--rate 0.1', '--rate 0.5'));
        const edited = page.locator('.editor.modified .view-line').filter({ hasText: /--rate\s0\.5/ });
        await edited.first().waitFor();
        await workbench.picture('code 03 changed');
        await page.getByRole('button', { name: 'Submit Experiment' }).first().click();
        await until(() => [...emulator.createdJobs()].length === 2, 'the second run');
        const again = [...emulator.createdJobs()].map(String).find((job) => job !== name);
        const { body } = await emulator.arm('GET', `${emulator.workspaceId}/jobs/${again}`);
        assert.equal(body.properties.command, 'python train.py --rate 0.5');
    });
});
