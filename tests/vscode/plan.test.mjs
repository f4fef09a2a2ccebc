// @ts-check
// What a run would take, above its run configuration, and what would be sent: read, made less, and sent so.

import assert from 'node:assert/strict';

import { Project } from '../support/project.mjs';
import { stage } from './scene.mjs';

const onStage = stage({
    emulator: { args: ['--node-start', '50'] },
    editor: (emulator) => ({ env: emulator.environment }),
});

onStage('the plan, what is sent, and a large folder that is left out', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator).bind();
    project.script('train.py', 'print("trained")\n', { experiment_name: 'plans' });
    project.write('helpers/reader.py', 'def read():\n    return 1\n');
    for (const name of ['first', 'second', 'third'])
        project.write(`recordings/${name}.wav`, 'x'.repeat(2 * 1024 * 1024));
    project.write('.env', 'API_KEY=not-a-real-one\n');
    project.write('old.log', 'x'.repeat(1000));
    project.write('.gitignore', '# what need not go\n*.log\n');
    const workbench = await scene.window(project.folder);

    await scene.step('read the plan', async () => {
        await workbench.openSidebar();
        await workbench.treeRow('Demo Subscription').waitFor();
        await workbench.openFile('train.job.json');
        const plan = workbench.lens('cpu-cluster ·');
        await plan.waitFor();
        const text = (await plan.textContent()) ?? '';
        assert.match(
            text.replaceAll('\u00a0', ' '),
            /^cpu-cluster · Standard_\w+ · \$[\d.]+ an hour · .*6\.3 MB/i,
        );
        await workbench.picture('plan 01 above the run configuration');
    });
    await scene.step('read what is sent', async () => {
        await workbench.lens('cpu-cluster ·').click();
        await workbench.tab('What is sent by train.job.json').waitFor();
        await workbench.line(/2\.1\sMB\s+recordings\/first\.wav/).waitFor();
        await workbench.line(/6\.3\sMB\s+recordings\/\s+\(3\sfiles/).waitFor();
        await workbench.line(/\.env\s+\(settings\swith\ssecrets/).waitFor();
        await workbench.line(/old\.log\s+\(\.gitignore:2:\s\*\.log\)/).waitFor();
        await workbench.picture('plan 02 what is sent');
    });
    await scene.step('leave the recordings out', async () => {
        await workbench.page.locator('.editor-actions').getByRole('button', { name: 'Leave out…' }).click();
        await workbench.step('What shall be left out from now on?');
        await workbench.check('recordings/', '.env');
        await workbench.picture('plan 03 leave out');
        await workbench.confirm();
        await workbench.line(/recordings\/\s+\(\.gitignore:4:\s\/recordings\/\)/).waitFor();
        assert.equal(await workbench.line(/\.wav/).count(), 0);
        assert.equal(project.read('.gitignore'), '# what need not go\n*.log\n/.env\n/recordings/\n');
        await workbench.picture('plan 04 left out');
    });
    await scene.step('read the plan again', async () => {
        await workbench.tab('train.job.json').first().click();
        await workbench.lens(/cpu-cluster.*· 5 files to send, 4\d\d B ·/).waitFor();
        await workbench.picture('plan 05 smaller');
    });
    await scene.step('submit it', async () => {
        await workbench.lens('Submit Experiment').click();
        await workbench.answerNotification('was submitted', 'Show run');
        await workbench.treeRow(/train.*completed/).waitFor();
        const [code = ''] = emulator
            .exchanges(({ method, url }) => method === 'PUT' && /\/codes\/[^/]+\/versions\//.test(url))
            .map(({ requestBody }) => requestBody.properties.codeUri);
        const sent = emulator
            .exchanges(({ method, url }) => method === 'PUT' && url.startsWith(`${code}/`))
            .map(({ url }) => decodeURIComponent(url.slice(code.length + 1).replace(/\?.*/, '')));
        const wanted = [
            '.azureml/config.json',
            '.gitignore',
            'helpers/reader.py',
            'train.job.json',
            'train.py',
        ];
        assert.deepEqual([...new Set(sent)].sort(), wanted);
    });
    project.remove();
});
