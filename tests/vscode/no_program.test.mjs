// @ts-check
// Where there is no program to start: the user is told, and led to the setting that names one.

import { stage } from './scene.mjs';

const onStage = stage({
    editor: () => ({ settings: { 'azureml.server.path': '/nowhere/aml' } }),
});

onStage('a setting that names no program can be corrected from the message', async (scene) => {
    const workbench = await scene.window(scene.stage.project('no program'));
    await scene.step('say so', async () => {
        await workbench.openSidebar();
        await workbench.notification('There is no program at /nowhere/aml').waitFor();
    });
    await scene.step('lead to the setting', async () => {
        await workbench.answerNotification('There is no program at /nowhere/aml', 'Open Settings');
        await workbench.page
            .locator('.settings-editor')
            .getByText('Path of the aml program')
            .first()
            .waitFor();
        await workbench.picture('no program 01 settings');
    });
});
