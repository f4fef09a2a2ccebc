// @ts-check
// Places to run in, made and deleted from the sidebar: a workspace and a cluster from nothing, a run in them, an
// instance that is stopped, and all of it gone again.

import assert from 'node:assert/strict';

import { Project } from '../support/project.mjs';
import { until } from '../support/processes.mjs';
import { stage } from './scene.mjs';

const onStage = stage({
    emulator: { args: ['--node-start', '50'] },
    editor: (emulator) => ({
        env: emulator.environment,
        settings: { 'azureml.runEndNotification': 'always' },
    }),
});

onStage('a workspace and a cluster are made from nothing, used, scaled and deleted', async (scene) => {
    const { emulator } = scene.stage;
    const project = new Project(emulator).script('train.py', 'print("trained")\n', {
        compute: 'azureml:batch',
    });
    const workbench = await scene.window(project.folder);
    const group = `/subscriptions/${emulator.ready.subscriptionId}/resourceGroups/places`;
    const space = `${group}/providers/Microsoft.MachineLearningServices/workspaces/from-vscode`;
    await scene.step('create a workspace', async () => {
        await workbench.openSidebar();
        await workbench.expand('Demo Subscription');
        await workbench.treeRow('demo-workspace').waitFor();
        await workbench.chooseFromRowMenu('Demo Subscription', 'Create workspace…');
        await workbench.type('Create new workspace: name', 'from-vscode');
        await workbench.step('Create new workspace: resource group');
        await workbench.picture('places 01 resource group');
        await workbench.pick('Create new workspace: resource group', 'Create new resource group');
        await workbench.type('Create new workspace: new resource group', 'places');
        await workbench.step('Create new workspace: region');
        await workbench.picture('places 02 region');
        await workbench.pick('Create new workspace: region', 'West Europe');
        await workbench.notification('Creating workspace from-vscode').waitFor();
        await workbench.picture('places 03 creating');
        await workbench.notification('from-vscode is ready to be used').waitFor();
        await workbench.treeRow('from-vscode').waitFor();
        await workbench.picture('places 04 created');
        await workbench.answerNotification('from-vscode is ready to be used', 'Use it in this folder');
        await until(() => project.has('.azureml/config.json'), 'the folder is bound');
        assert.equal(JSON.parse(project.read('.azureml/config.json')).workspace_name, 'from-vscode');
    });
    await scene.step('create a cluster', async () => {
        await workbench.chooseFromRowMenu('from-vscode', 'Create compute');
        await workbench.type('Create new compute: name', 'batch');
        await workbench.pick('machine size', /Standard_DS3_v2/i);
        await workbench.pick('priority', 'Dedicated');
        await workbench.type('minimum nodes', '0');
        await workbench.type('maximum nodes', '2');
        await workbench.type('idle time', '120');
        await workbench.notification('batch is ready to be used').waitFor();
        await workbench.expand('from-vscode', 'Compute');
        await workbench.treeRow(/batch.*of 2 nodes/).waitFor();
    });
    await scene.step('run in it', async () => {
        await workbench.openFile('train.job.json');
        await workbench.lens('Submit Experiment').click();
        await workbench.notification('was submitted').waitFor();
        await workbench.notification(/completed after/).waitFor();
        await workbench.picture('places 05 completed');
        assert.equal(emulator.createdJobs().size, 1);
    });
    await scene.step('make a folder a data asset, and complete an input with it', async () => {
        project.write('digits/one.csv', 'pixel,label\n0,1\n');
        project.write(
            'read.job.json',
            JSON.stringify(
                { command: 'ls ${{inputs.digits}}', inputs: { digits: { path: '' } } },
                undefined,
                2,
            ),
        );
        await workbench.chooseFromFileMenu('digits', 'Create data asset…');
        await workbench.step('Create a data asset');
        await workbench.picture('places 06 data asset');
        await workbench.type('Create a data asset', 'digits');
        await workbench.notification('Registered digits as a data asset').waitFor();
        const { body } = await emulator.arm('GET', `${space}/data/digits/versions/1`);
        assert.equal(body.properties.dataType, 'uri_folder');
        await workbench.openFile('read.job.json');
        await workbench.line('"path": ""').click();
        await workbench.press('End');
        await workbench.press('ArrowLeft');
        await workbench.press('Control+Space');
        const offered = workbench.page.locator('.suggest-widget .monaco-list-row', { hasText: 'digits' });
        await offered.waitFor();
        await workbench.picture('places 07 completed input');
        await workbench.press('Enter');
        await workbench.line('"path": "azureml:digits:1"').waitFor();
        await workbench.save();
    });
    await scene.step('scale it', async () => {
        await workbench.openSidebar();
        await workbench.chooseFromRowMenu('batch', 'Scale compute…');
        await workbench.type('Scale compute batch: minimum nodes', '1');
        await workbench.type('Scale compute batch: maximum nodes', '3');
        await workbench.type('Scale compute batch: idle time', '300');
        await workbench.notification('about $214 a month').waitFor();
        await workbench.picture('places 08 what it costs');
        await workbench.answerNotification('about $214 a month', 'Scale it');
        await workbench.treeRow(/batch.*of 3 nodes/).waitFor();
        const { body } = await emulator.arm('GET', `${space}/computes/batch`);
        assert.equal(body.properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown, 'PT300S');
    });
    await scene.step('stop an instance', async () => {
        const properties = { computeType: 'ComputeInstance', properties: { vmSize: 'Standard_DS3_v2' } };
        await emulator.arm('PUT', `${space}/computes/mine`, { location: 'westeurope', properties });
        await until(async () => {
            const { body } = await emulator.arm('GET', `${space}/computes/mine`);
            return body.properties.properties.state === 'Running';
        }, 'the instance runs');
        await workbench.refresh();
        await workbench.treeRow(/mine.*running/).waitFor();
        await workbench.chooseFromRowMenu('mine', 'Stop compute');
        await workbench.treeRow(/mine.*stopped/).waitFor();
        await workbench.picture('places 09 stopped');
    });
    await scene.step('delete everything', async () => {
        await workbench.chooseFromRowMenu('batch', 'Delete compute…');
        await workbench.answerNotification('Delete the compute batch?', 'Delete compute');
        await workbench.treeRow('batch').waitFor({ state: 'hidden' });
        await workbench.chooseFromRowMenu('from-vscode', 'Delete workspace…');
        await workbench.notification('Delete the workspace from-vscode').waitFor();
        await workbench.picture('places 10 what goes');
        await workbench.answerNotification('Delete the workspace from-vscode', 'Delete workspace');
        await workbench.notification('from-vscode is deleted').waitFor();
        await workbench.treeRow('from-vscode').waitFor({ state: 'hidden' });
        await workbench.picture('places 11 deleted');
        assert.equal((await emulator.arm('GET', space)).status, 404);
    });
    project.remove();
});
