// @ts-check
// MLflow inside a job that aml submits, with the environment variables that Azure ML gives: what the script logs is
// what aml shows, with MLflow alone and with azureml-mlflow, Azure's plug-in for it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { killWhatRuns } from '../support/processes.mjs';
import { pythonClients } from './install.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

const script = `
import os
import pathlib
import mlflow

pathlib.Path("report").mkdir()
pathlib.Path("report/summary.txt").write_text("all is well")
with mlflow.start_run() as run:
    mlflow.log_param("rate", 0.25)
    for step, loss in enumerate([0.9, 0.6, 0.3]):
        mlflow.log_metric("loss", loss, step=step)
    mlflow.log_metrics({"accuracy": 0.75})
    mlflow.set_tag("from", "the job")
    mlflow.log_artifacts("report", "report")
    print("same run:", run.info.run_id == os.environ["AZUREML_RUN_ID"])
    print("artifacts:", run.info.artifact_uri.split(":")[0])
history = mlflow.MlflowClient().get_metric_history(os.environ["AZUREML_RUN_ID"], "loss")
print("history:", [(point.step, point.value) for point in history])
`;

describe('mlflow in a job', () => {
    /** @type {World} */
    let world;

    before(async () => {
        world = await World.start();
    });
    after(() => world?.stop());

    /** @param {'mlflow' | 'azureml-mlflow'} client @param {Record<string, string>} [variables] */
    const run = async (client, variables = {}) => {
        const project = world.project();
        project.script('train.py', script, {
            command: `${pythonClients(client)} train.py`,
            environment_variables: variables,
        });
        const ended = await project.json(['run', 'train.py', '--follow']);
        const log = ended.values.flatMap(({ event, text }) => (event === 'log' ? [text] : [])).join('');
        assert.equal(ended.code, 0, `${log}\n${ended.stderr}`);
        return { log, finished: ended.values.at(-1) };
    };

    /** @param {Awaited<ReturnType<typeof run>>} answer */
    const check = async ({ log, finished }) => {
        assert.equal(finished.status, 'Completed');
        assert.match(log, /same run: True/);
        assert.match(log, /history: \[\(0, 0\.9\), \(1, 0\.6\), \(2, 0\.3\)\]/);
        assert.deepEqual(finished.metrics, { accuracy: 0.75, loss: 0.3 });
        const { workspaceId } = world.emulator;
        const job = await world.emulator.arm('GET', `${workspaceId}/jobs/${finished.name}`);
        assert.equal(job.body.properties.tags.from, 'the job');
        const artifacts = `/artifact/v2.0${workspaceId}/artifacts/ExperimentRun/dcid.${finished.name}?path=report`;
        const { body } = await world.emulator.arm('GET', artifacts);
        assert.deepEqual(
            body.value.map((/** @type {any} */ one) => one.path),
            ['report/summary.txt'],
        );
    };

    test('MLflow alone logs to the run it is in', async () => {
        const answer = await run('mlflow');
        await check(answer);
        assert.match(answer.log, /artifacts: mlflow-artifacts/);
    });

    test("azureml-mlflow logs to the run it is in, at the workspace's own tracking address", async () => {
        const { ready, workspaceId } = world.emulator;
        const tracking = `azureml://${new URL(ready.armEndpoint).host}/mlflow/v1.0${workspaceId}`;
        const answer = await run('azureml-mlflow', { MLFLOW_TRACKING_URI: tracking });
        await check(answer);
        assert.match(answer.log, /artifacts: azureml/);
    });
});
