// @ts-check
// A script in the style of 2020 inside a job that aml submits: azureml-core (SDK v1), unmodified, with the environment
// variables that Azure ML gives. What the script logs is what aml shows.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { killWhatRuns, root } from '../support/processes.mjs';
import { pythonClients } from './install.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

const image = /^aml:\/\/artifactId\/ExperimentRun\/dcid\..+\/curve_\d+\.png$/;
const document = (/** @type {string} */ name) =>
    new RegExp(`^aml://artifactId/ExperimentRun/dcid\\..+/${name}$`);

describe('azureml-core in a job', () => {
    /** @type {World} */
    let world;

    const started = async (/** @type {boolean} */ tls) => {
        world = await World.start({ tls });
    };
    const stopped = () => world.stop();

    /** What all scripts may do. @param {Record<string, any>} answers @param {string} run */
    const checkRun = (answers, run) => {
        const expected = {
            'same run': true,
            number: true,
            type: 'azureml.scriptrun',
            status: 'Running',
            parent: null,
            log: null,
            'log NaN': null,
            'log text': null,
            log_list: null,
            log_row: null,
            log_table: null,
            tag: null,
            remove_tags: null,
            get_tags: { from: 'the job', colour: 'red' },
            get_properties: 'yes',
            description: ['as it was written in 2020', 'v1'],
            get_details: true,
            get_details_with_logs: 'Running',
            get_all_logs: true,
            get_portal_url: true,
            child_run: true,
            create_children: 2,
            get_children: ['Completed', 'Completed', 'Completed'],
            'runs of the experiment': true,
            'Run.get': true,
            flush: null,
            'get_metrics of one name': { loss: [0.9, 0.6000000000000001, 0.30000000000000004] },
            complete: null,
            'status after complete': 'Running',
        };
        for (const [name, answer] of Object.entries(expected)) {
            assert.deepEqual(answers[name], answer, `${name} in ${run}`);
        }
        assert.deepEqual(answers['datastores'], [
            'workspaceblobstore',
            [
                'workspaceartifactstore',
                'workspaceblobstore',
                'workspacefilestore',
                'workspaceworkingdirectory',
            ],
        ]);
        const { accuracy, phase, fibonacci, squares } = answers['get_metrics'];
        assert.deepEqual(
            { accuracy, phase, fibonacci, squares },
            {
                accuracy: 0.91,
                phase: 'training',
                fibonacci: [1, 1, 2, 3, 5],
                squares: { x: [1, 2, 3], y: [1, 4, 9] },
            },
        );
        assert.deepEqual(answers['get_metrics']['over angles'], { angle: [0, 1], sine: [0, 0.1] });
    };

    /** What aml says of the run. @param {any} finished */
    const checkWhatIsShown = async (finished) => {
        assert.equal(finished.status, 'Completed');
        assert.equal(finished.metrics.accuracy, 0.91);
        assert.equal(finished.metrics.loss.toFixed(2), '0.30');
        const { workspaceId } = world.emulator;
        const job = await world.emulator.arm('GET', `${workspaceId}/jobs/${finished.name}`);
        assert.equal(job.body.properties.tags.from, 'the job');
        assert.equal(job.body.properties.displayName, 'v1');
    };

    describe('over HTTPS', () => {
        before(() => started(true));
        after(stopped);

        test('does all that a run offers: metrics, files, tags, children, models', async () => {
            const { code, log, finished } = await world.job('azureml-core', 'azureml_core.py');
            assert.equal(code, 0, log);
            const answers = World.answers(log);
            checkRun(answers, finished.name);
            const files = {
                log_image: null,
                log_confusion_matrix: null,
                log_residuals: null,
                log_predictions: null,
                upload_file: null,
                upload_files: null,
                upload_folder: null,
                get_file_names: [
                    'a/one.txt',
                    'a/two.txt',
                    'outputs/report/part/detail.txt',
                    'outputs/report/summary.txt',
                    'outputs/summary.txt',
                ],
                download_file: 'this is report/summary.txt',
                register_model: 1,
                models: [1],
            };
            for (const [name, answer] of Object.entries(files)) assert.deepEqual(answers[name], answer, name);
            assert.match(answers['get_metrics'].curve, image);
            assert.match(answers['get_metrics'].confusion, document('confusion'));
            await checkWhatIsShown(finished);
            const models = await world.emulator.arm(
                'GET',
                `${world.emulator.workspaceId}/models/summary/versions`,
            );
            assert.equal(models.body.value[0].properties.jobName, finished.name);
        });
    });

    describe('over HTTP', () => {
        before(() => started(false));
        after(stopped);

        test('does all but moving files, which it does over HTTPS only', async () => {
            const { code, log, finished } = await world.job('azureml-core', 'azureml_core.py', {
                WITHOUT_FILES: '1',
            });
            assert.equal(code, 0, log);
            checkRun(World.answers(log), finished.name);
            await checkWhatIsShown(finished);
        });

        test("the sample's script of SDK v1 logs to its run", async () => {
            const project = world.project();
            const script = readFileSync(join(root, 'tests/fixtures/mnist-starter/train_v1.py'), 'utf8');
            project.script('train_v1.py', script, {
                command: `${pythonClients('azureml-core')} train_v1.py`,
            });
            const ended = await project.json(['run', 'train_v1.py', '--follow']);
            assert.equal(ended.code, 0, ended.stderr);
            const { metrics } = ended.values.at(-1);
            assert.ok(metrics.accuracy > 0.9, `${metrics.accuracy}`);
            assert.ok(metrics.loss < 1, `${metrics.loss}`);
        });

        // Azure sends no request for the script either: only what wrapped the scripts of SDK v1 waited for the queue.
        test('loses what it has logged when it ends at once, unless it is told to flush', async () => {
            const lost = await world.job('azureml-core', 'article.py', { FLUSH: '' });
            assert.equal(lost.code, 0, lost.log);
            assert.deepEqual(lost.finished.metrics ?? {}, {});
            const kept = await world.job('azureml-core', 'article.py', { FLUSH: '1' });
            assert.deepEqual(kept.finished.metrics, { accuracy: 0.91 });
        });
    });
});
