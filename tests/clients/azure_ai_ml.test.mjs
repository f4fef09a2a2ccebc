// @ts-check
// azure-ai-ml, the SDK most people drive Azure ML with, does its everyday work against the emulator.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { killWhatRuns, until } from '../support/processes.mjs';
import { World } from './world.mjs';

after(killWhatRuns);

const script = `
print("trained with", sys.argv[1:])
pathlib.Path("outputs").mkdir(exist_ok=True)
pathlib.Path("outputs/model.txt").write_text("weights")
`;

const waiting = 'import time\nprint("waiting", flush=True)\ntime.sleep(600)\n';

describe('azure-ai-ml', () => {
    /** @type {World} */
    let world;
    /** @type {import('./program.mjs').Client} */
    let sdk;

    before(async () => {
        world = await World.start({
            seed: { workspaces: [{ computes: [{ name: 'cpu-cluster' }] }, { name: 'second' }] },
        });
        sdk = world.python('azure-ai-ml', 'azure_ai_ml.py');
    });
    after(() => world?.stop());

    const submit = (/** @type {Record<string, unknown>} */ job) =>
        sdk.call('submit', { command_line: 'python train.py', experiment: 'sdk', ...job });

    /** A script that waits for the file `gate` of the project before it does anything. @param {string} source */
    const gated = (source) =>
        `import os, pathlib, sys, time\nwhile not pathlib.Path(os.environ["GATE"]).exists(): time.sleep(0.05)\n${source}`;

    /** The SDK shows no log of a run that has ended already, so the run goes on once it is streamed. */
    const stream = async (
        /** @type {any} */ job,
        /** @type {import('../support/project.mjs').Project} */ project,
    ) => {
        const streamed = sdk.call('stream', { name: job.name });
        await world.emulator.exchanged(
            ({ url }) => url.includes(`/runs/${job.name}/details`),
            'the run is streamed',
        );
        project.write('../gate', '');
        return streamed;
    };

    const gate = (/** @type {import('../support/project.mjs').Project} */ project) => ({
        environment_variables: { GATE: project.path('../gate') },
    });

    test('gets a workspace, and lists those of a group and of a subscription', async () => {
        const { ready, workspaceId } = world.emulator;
        const found = await sdk.call('get_workspace', { name: ready.workspace });
        assert.equal(found.id, workspaceId);
        assert.equal(found.discovery, `${ready.armEndpoint}/discovery`);
        assert.match(found.tracking, /^azureml:\/\/127\.0\.0\.1:\d+\/mlflow\/v1\.0\/subscriptions\//);
        for (const whole_subscription of [false, true]) {
            const names = await sdk.call('list_workspaces', { whole_subscription });
            assert.deepEqual(names.sort(), ['second', ready.workspace].sort());
        }
    });

    test('creates a compute cluster, gets it, lists it and deletes it', async () => {
        const wanted = { name: 'sdk-cluster', size: 'Standard_DS3_v2', most: 3 };
        const made = await sdk.call('create_compute', wanted);
        assert.deepEqual(made, {
            name: 'sdk-cluster',
            type: 'amlcompute',
            state: 'Succeeded',
            size: 'STANDARD_DS3_V2',
            least: 0,
            most: 3,
            idle: 120,
        });
        assert.deepEqual(await sdk.call('get_compute', { name: 'sdk-cluster' }), made);
        assert.deepEqual((await sdk.call('list_computes')).sort(), ['cpu-cluster', 'sdk-cluster']);
        await sdk.call('delete_compute', { name: 'sdk-cluster' });
        assert.deepEqual(await sdk.call('list_computes'), ['cpu-cluster']);
    });

    test('creates a workspace with all it depends on, and deletes it with all of it', async () => {
        const made = await sdk.call('create_workspace', { name: 'sdk-workspace', location: 'westeurope' });
        assert.deepEqual(
            [made.name, made.location, made.display],
            ['sdk-workspace', 'westeurope', 'by the SDK'],
        );
        const dependents = [made.storage, made.vault, made.insights];
        for (const id of dependents) assert.equal((await world.emulator.arm('GET', id)).status, 200, id);
        assert.ok(
            (await sdk.call('list_workspaces', { whole_subscription: false })).includes('sdk-workspace'),
        );
        await sdk.call('delete_workspace', { name: 'sdk-workspace' });
        for (const id of dependents) assert.equal((await world.emulator.arm('GET', id)).status, 404, id);
        const left = await sdk.call('list_workspaces', { whole_subscription: false });
        assert.ok(!left.includes('sdk-workspace'));
        const refused = await sdk.call('refused_workspace', { name: 'nowhere', location: 'mars' });
        assert.equal(refused.code, 'LocationNotAvailableForResourceType');
    });

    test('creates a compute instance, stops, starts and restarts it, and deletes it', async () => {
        const made = await sdk.call('create_instance', {
            name: 'sdk-instance',
            size: 'Standard_DS3_v2',
            idle: 60,
        });
        assert.deepEqual(made, {
            name: 'sdk-instance',
            type: 'computeinstance',
            state: 'Running',
            size: 'STANDARD_DS3_V2',
            idle: 60,
        });
        const after = [];
        for (const action of ['stop', 'start', 'restart'])
            after.push(await sdk.call('switch_instance', { name: 'sdk-instance', action }));
        assert.deepEqual(after, ['Stopped', 'Running', 'Running']);
        await sdk.call('delete_compute', { name: 'sdk-instance' });
        assert.deepEqual(await sdk.call('list_computes'), ['cpu-cluster']);
    });

    test('creates an environment, once for each version, and finds the latest', async () => {
        const conda =
            'name: e\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - pip:\n    - joblib\n';
        const project = world.project({ 'conda.yml': conda, 'other.yml': `${conda}    - numpy\n` });
        const wanted = { name: 'sdk-environment', conda_file: project.path('conda.yml') };
        const first = await sdk.call('create_environment', wanted);
        assert.equal(first.version, '1');
        assert.deepEqual(first.conda.dependencies, ['python=3.11', { pip: ['joblib'] }]);
        assert.equal(
            (await sdk.call('create_environment', wanted)).version,
            '1',
            'the same is the same version',
        );
        const changed = { name: 'sdk-environment', conda_file: project.path('other.yml') };
        assert.equal((await sdk.call('create_environment', changed)).version, '2');
        const latest = await sdk.call('get_environment', { name: 'sdk-environment', label: 'latest' });
        assert.deepEqual(latest, { version: '2', image: first.image });
        const versions = await sdk.call('list_environments', { name: 'sdk-environment' });
        assert.deepEqual(versions.sort(), ['1', '2']);
    });

    test('submits a command with its code folder, streams it, and gets and lists the run', async () => {
        const project = world.project({ 'train.py': gated(script), 'lib/helper.py': '' });
        const job = await submit({
            code: project.folder,
            command_line: 'python train.py --rate ${{inputs.rate}}',
            inputs: { rate: 0.25 },
            display_name: 'by the SDK',
            description: 'a run',
            tags: { who: 'sdk' },
            ...gate(project),
        });
        assert.match(job.status, /NotStarted|Starting|Preparing|Queued|Running/);
        assert.ok(job.studio.startsWith(world.emulator.ready.studioUrl), job.studio);
        const { printed, failure } = await stream(job, project);
        assert.equal(failure, null);
        assert.match(
            printed,
            /RunId: \S+[^]*Web View: http[^]*trained with \['--rate', '0\.25'\][^]*Execution Summary/,
        );
        const ended = await sdk.call('get_job', { name: job.name });
        assert.equal(ended.status, 'Completed');
        assert.equal(ended.experiment, 'sdk');
        assert.equal(ended.display, 'by the SDK');
        assert.equal(ended.description, 'a run');
        assert.equal(ended.tags.who, 'sdk');
        const listed = await sdk.call('list_jobs');
        assert.deepEqual(
            listed.find((/** @type {any} */ one) => one.name === job.name),
            ended,
        );
    });

    test('streams a run that fails, and says why', async () => {
        const project = world.project({ 'train.py': gated('raise ValueError("no such luck")\n') });
        const job = await submit({ code: project.folder, ...gate(project) });
        const { printed, failure } = await stream(job, project);
        assert.match(printed, /ValueError: no such luck/);
        assert.match(failure, /exited with status code 1[^]*ValueError: no such luck/);
        assert.equal((await sdk.call('get_job', { name: job.name })).status, 'Failed');
    });

    test('cancels a run, and is refused when it has ended', async () => {
        const project = world.project({ 'train.py': waiting });
        const job = await submit({ code: project.folder });
        await until(
            async () => (await sdk.call('get_job', { name: job.name })).status === 'Running',
            'the run is running',
        );
        assert.equal((await sdk.call('cancel', { name: job.name })).status, 'Canceled');
        const refusal = await sdk.call('refused_cancel', { name: job.name });
        assert.equal(refusal.status, 400);
        assert.equal(refusal.code, 'UserError');
    });

    test('downloads the outputs and logs of a run, and a named output', async () => {
        const project = world.project({
            'train.py': gated(`${script}\npathlib.Path(sys.argv[1], "table.csv").write_text("a,b")\n`),
        });
        const job = await submit({
            code: project.folder,
            command_line: 'python train.py ${{outputs.result}}',
            outputs: { result: { type: 'uri_folder' } },
            ...gate(project),
        });
        await stream(job, project);
        const everything = join(project.base, 'everything');
        await sdk.call('download', { name: job.name, folder: everything, everything: true });
        const files = readdirSync(everything, { recursive: true }).map(String);
        for (const file of ['artifacts/outputs/model.txt', 'artifacts/user_logs/std_log.txt']) {
            assert.ok(files.includes(file), `${file} is not among ${files.join(', ')}`);
        }
        assert.equal(readFileSync(join(everything, 'artifacts/outputs/model.txt'), 'utf8'), 'weights');
        const named = join(project.base, 'named');
        await sdk.call('download', { name: job.name, folder: named, output: 'result' });
        assert.equal(readFileSync(join(named, 'named-outputs/result/table.csv'), 'utf8'), 'a,b');
    });

    test('archives a run, which is then no longer listed', async () => {
        const project = world.project({ 'train.py': gated('print("soon forgotten")\n') });
        const job = await submit({ code: project.folder, ...gate(project) });
        await stream(job, project);
        const left = await sdk.call('archive', { name: job.name });
        assert.ok(!left.includes(job.name));
    });

    test('runs a sweep of a command to its end and finds its trials', async () => {
        const project = world.project({
            'train.py': `import json, os, sys, urllib.request
body = {"run_id": os.environ["AZUREML_RUN_ID"], "key": "accuracy", "value": float(sys.argv[1]), "step": 0, "timestamp": 0}
headers = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
address = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric"
urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), headers)).read()
`,
        });
        const made = await sdk.call('submit_sweep', {
            code: project.folder,
            command_line: 'python train.py ${{inputs.score}}',
            experiment: 'sdk',
            scores: [0.25, 0.75, 0.5],
            limits: { max_total_trials: 3, max_concurrent_trials: 2 },
        });
        assert.deepEqual([made.type, made.space], ['sweep', ['score']]);
        const found = await until(async () => {
            const sweep = await sdk.call('get_sweep', { name: made.name });
            return sweep.status === 'Completed' ? sweep : undefined;
        }, 'the sweep has ended');
        assert.deepEqual([found.goal, found.metric, found.sampling], ['maximize', 'accuracy', 'grid']);
        const trials = await sdk.call('list_trials', { name: made.name });
        assert.equal(trials.length, 3);
        const best = trials.find(([, , tried]) => JSON.parse(tried ?? '').score === 0.75);
        assert.equal(found.best, best?.[0]);
        assert.ok(trials.every(([, status]) => status === 'Completed'));
    });

    test('runs a distributed command on two nodes, whose processes add their ranks over sockets', async () => {
        const project = world.project({
            'train.py': `import json, os, socket, struct, sys, time
def place():
    if "TF_CONFIG" in os.environ:
        known = json.loads(os.environ["TF_CONFIG"])
        host, port = known["cluster"]["worker"][0].split(":")
        return known["task"]["index"], len(known["cluster"]["worker"]), host, port
    if "OMPI_COMM_WORLD_RANK" in os.environ:
        host, port = os.environ["AZ_BATCH_MASTER_NODE"].split(":")
        return os.environ["OMPI_COMM_WORLD_RANK"], os.environ["OMPI_COMM_WORLD_SIZE"], host, port
    return os.environ["RANK"], os.environ["WORLD_SIZE"], os.environ["MASTER_ADDR"], os.environ["MASTER_PORT"]
rank, size, host, port = place()
rank, size, address = int(rank), int(size), (host, int(port))
if rank == 0:
    server = socket.create_server(address)
    total = sum(struct.unpack("i", server.accept()[0].recv(4))[0] for _ in range(size - 1))
    print("sum of", size, "is", total)
else:
    while True:
        try:
            peer = socket.create_connection(address)
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    peer.sendall(struct.pack("i", rank))
    print("sent", rank)
`,
        });
        const run = async (/** @type {string} */ kind, /** @type {Record<string, number>} */ counts) => {
            const made = await sdk.call('submit_distributed', {
                code: project.folder,
                command_line: 'python train.py',
                experiment: 'sdk',
                kind,
                nodes: 2,
                ...counts,
            });
            assert.equal(made.nodes, 2);
            assert.equal(made.distribution, kind);
            await until(async () => {
                const { status } = await sdk.call('get_job', { name: made.name });
                assert.notEqual(status, 'Failed');
                return status === 'Completed';
            }, `the run of ${kind} has ended`);
            const folder = join(project.base, kind);
            await sdk.call('download', { name: made.name, folder, everything: true });
            const logs = join(folder, 'artifacts/user_logs');
            const texts = readdirSync(logs).sort().map((log) => [log, readFileSync(join(logs, log), 'utf8')]);
            return Object.fromEntries(texts);
        };
        const four = {
            'std_log_process_00.txt': 'sum of 4 is 6\n',
            'std_log_process_01.txt': 'sent 1\n',
            'std_log_process_02.txt': 'sent 2\n',
            'std_log_process_03.txt': 'sent 3\n',
        };
        assert.deepEqual(await run('pytorch', { process_count_per_instance: 2 }), four);
        assert.deepEqual(await run('mpi', { process_count_per_instance: 2 }), four);
        assert.deepEqual(await run('tensorflow', { worker_count: 2 }), {
            'std_log_node_00_worker.txt': 'sum of 2 is 1\n',
            'std_log_node_01_worker.txt': 'sent 1\n',
        });
    });

    test('runs pipelines, of a file and of a function, whose steps get what others leave', async () => {
        const environment = 'environment: {image: mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04}';
        const project = world.project({
            'steps/src/adds.py': `import pathlib, sys
source, more, target = sys.argv[1:4]
given = pathlib.Path(source)
number = int((given / "n.txt").read_text()) if given.is_dir() else int(source)
(pathlib.Path(target) / "n.txt").write_text(str(number + int(more)))
print("made", number + int(more))
`,
            'steps/add.yml': `type: command
name: add
code: ./src
command: python adds.py \${{inputs.number}} \${{inputs.more}} \${{outputs.sum}}
${environment}
inputs: {number: {type: uri_folder}, more: {type: integer, default: 10}}
outputs: {sum: {type: uri_folder}}
`,
            'pipe.yml': `type: pipeline
compute: azureml:cpu-cluster
inputs: {start: 1}
outputs: {total: {type: uri_folder}}
jobs:
  first:
    type: command
    code: ./steps/src
    command: python adds.py \${{inputs.start}} 1 \${{outputs.sum}}
    ${environment}
    inputs: {start: "\${{parent.inputs.start}}"}
    outputs: {sum: {type: uri_folder}}
  second:
    type: command
    component: ./steps/add.yml
    inputs: {number: "\${{parent.jobs.first.outputs.sum}}"}
    outputs: {sum: "\${{parent.outputs.total}}"}
`,
        });
        const ends = async (/** @type {string} */ name) => {
            await until(async () => {
                const { status } = await sdk.call('get_pipeline', { name });
                assert.notEqual(status, 'Failed');
                return status === 'Completed';
            }, 'the pipeline has ended');
            const steps = await sdk.call('list_steps', { name });
            assert.ok(steps.every(([, status = '']) => status === 'Completed'));
            return steps.map(([display]) => display).sort();
        };
        const total = async (/** @type {string} */ name) => {
            const folder = join(project.base, name);
            await sdk.call('download', { name, folder, output: 'total' });
            return readFileSync(join(folder, 'named-outputs/total/n.txt'), 'utf8');
        };
        const file = await sdk.call('submit_pipeline_file', { file: project.path('pipe.yml'), experiment: 'sdk' });
        assert.equal(file.type, 'pipeline');
        assert.deepEqual(file.steps, { first: 'command', second: 'command' });
        assert.deepEqual(await ends(file.name), ['first', 'second']);
        assert.equal(await total(file.name), '12');
        const made = await sdk.call('submit_pipeline_function', {
            component_file: project.path('steps/add.yml'),
            experiment: 'sdk',
        });
        assert.deepEqual(await ends(made.name), ['first', 'last']);
        assert.equal(await total(made.name), '13');
    });

    test('creates data assets from a file and a folder, and a job reads one', async () => {
        const project = world.project({ 'data/a.csv': '1,2\n', 'data/sub/b.csv': '3,4\n', 'one.csv': '5\n' });
        const file = await sdk.call('create_data', {
            name: 'one',
            path: project.path('one.csv'),
            kind: 'URI_FILE',
        });
        assert.equal(file.type, 'uri_file');
        assert.match(
            file.path,
            /\/datastores\/workspaceblobstore\/paths\/LocalUpload\/[0-9a-f]{32,64}\/one\.csv$/,
        );
        const folder = await sdk.call('create_data', {
            name: 'rows',
            path: project.path('data'),
            kind: 'URI_FOLDER',
        });
        assert.equal(folder.type, 'uri_folder');
        const again = await sdk.call('create_data', {
            name: 'rows',
            path: project.path('data'),
            kind: 'URI_FOLDER',
        });
        assert.notEqual(again.version, folder.version);
        assert.equal(again.path, folder.path);
        const reader = world.project({
            'train.py': gated('print(sorted(p.name for p in pathlib.Path(sys.argv[1]).rglob("*.csv")))\n'),
        });
        const job = await submit({
            code: reader.folder,
            command_line: 'python train.py ${{inputs.rows}}',
            inputs: { rows: { type: 'uri_folder', path: `azureml:rows:${folder.version}` } },
            ...gate(reader),
        });
        const { printed } = await stream(job, reader);
        assert.match(printed, /\['a\.csv', 'b\.csv'\]/);
    });

    test('creates a model from a file, in versions', async () => {
        const project = world.project({ 'model.bin': 'weights' });
        const wanted = { name: 'sdk-model', path: project.path('model.bin') };
        const first = await sdk.call('create_model', wanted);
        assert.equal(first.version, '1');
        assert.equal(first.type, 'custom_model');
        assert.deepEqual(first.tags, { a: 'b' });
        assert.match(first.path, /\/paths\/LocalUpload\/[0-9a-f]+\/model\.bin$/);
        assert.equal((await sdk.call('create_model', wanted)).version, '2');
        assert.deepEqual((await sdk.call('list_models', { name: 'sdk-model' })).sort(), ['1', '2']);
    });

    test('lists the datastores', async () => {
        const found = await sdk.call('list_datastores');
        assert.ok(
            found.some(([name = '', type = '']) => name === 'workspaceblobstore' && type === 'AzureBlob'),
        );
        assert.equal(found.length, 4);
    });
});
