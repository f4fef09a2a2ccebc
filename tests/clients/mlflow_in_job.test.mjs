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

    const tracking = () => {
        const { ready, workspaceId } = world.emulator;
        return `azureml://${new URL(ready.armEndpoint).host}/mlflow/v1.0${workspaceId}`;
    };

    test("azureml-mlflow logs to the run it is in, at the workspace's own tracking address", async () => {
        const answer = await run('azureml-mlflow', { MLFLOW_TRACKING_URI: tracking() });
        await check(answer);
        assert.match(answer.log, /artifacts: azureml/);
    });

    describe('azureml-mlflow, with all that MLflow offers', () => {
        /** @type {Record<string, any>} */
        let answers;
        /** @type {any} */
        let finished;

        before(async () => {
            const variables = { MLFLOW_TRACKING_URI: tracking() };
            const job = await world.job('azureml-mlflow', 'mlflow_features.py', variables);
            assert.equal(job.code, 0, job.log);
            answers = World.answers(job.log);
            finished = job.finished;
        });

        /** @param {Record<string, unknown>} expected */
        const answered = (expected) => {
            for (const [name, answer] of Object.entries(expected))
                assert.deepEqual(answers[name], answer, name);
        };

        test('parameters, metrics and tags', () => {
            answered({
                'same run': true,
                log_params: null,
                log_metrics: null,
                set_tag: null,
                set_tags: null,
                'what is stored': [
                    { depth: '3', rate: '0.25' },
                    { loss: 0.30000000000000004 },
                    { colour: 'red', from: 'the job' },
                ],
                search_runs: 1,
            });
            assert.equal(finished.metrics.loss.toFixed(2), '0.30');
        });

        test('figures, images with a key and a step, texts, folders: written and read back', async () => {
            answered({
                log_figure: null,
                'log_image as a file': null,
                'log_image with key and step': null,
                log_dict: null,
                log_text: null,
                log_artifacts: null,
                download: 'all is well',
            });
            assert.ok(answers['list_artifacts'] > 5);
            const artifacts = `/artifact/v2.0${world.emulator.workspaceId}/artifacts/ExperimentRun/dcid.${finished.name}`;
            const { body } = await world.emulator.arm('GET', artifacts);
            const paths = body.value.map((/** @type {any} */ one) => one.path).join('\n');
            for (const path of [
                'figures/curve.png',
                'images/black.png',
                'note.txt',
                'report/part/detail.txt',
                'some.json',
            ])
                assert.ok(paths.includes(path), `${path} in ${paths}`);
            assert.match(paths, /^images\/dog\+step\+3\+.*\.png$/m);
        });

        test('runs below the run', () => {
            answered({ 'nested run': ['FINISHED', true] });
        });

        test('autolog loses its metrics where models are logged, as in Azure, and keeps them where they are not', () => {
            const metrics = [
                'accuracy_score',
                'f1_score',
                'log_loss',
                'precision_score',
                'recall_score',
                'roc_auc',
                'score',
            ];
            answered({
                autolog: [14, []],
                'autolog without models': [14, metrics.map((name) => `training_${name}`)],
            });
        });

        test('logged models are refused as Azure refuses them, and what MLflow 3 does only after it has looked for them', () => {
            const refusal = (/** @type {string} */ path) =>
                `MlflowException: API request to endpoint /api/2.0/mlflow/${path} failed with error code 404 != 200. ` +
                "Response body: ''";
            answered({
                log_model: refusal('logged-models'),
                log_table: refusal('logged-models/search'),
                register_model: refusal('logged-models/search'),
            });
        });

        test('a model is registered from the run, and loaded', async () => {
            answered({
                create_model_version: ['1', 'READY'],
                load_model: [0, 0, 1, 1],
                'registered models': ['classifier'],
                "a version's source": 'azureml',
            });
            const { workspaceId } = world.emulator;
            const { body } = await world.emulator.arm('GET', `${workspaceId}/models/classifier/versions/1`);
            assert.equal(body.properties.modelType, 'mlflow_model');
            assert.equal(body.properties.jobName, finished.name);
        });
    });
});
