// @ts-check
// What a run configuration says reaches Azure: assets by their latest version, and every group of keys.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

describe('a run configuration', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({ args: ['--node-start', '50'] });
        project = new Project(emulator).bind();
    });
    after(async () => {
        project?.remove();
        await emulator?.stop();
    });

    /**
     * Submits a configuration with these keys and returns what Azure was sent.
     * @param {string} name
     * @param {Record<string, unknown>} keys
     */
    const submitted = async (name, keys) => {
        project.script(`${name}.py`, 'print(1)\n', keys);
        const run = await project.json(['run', `${name}.job.json`]);
        assert.equal(run.code, 0, run.stderr);
        const [job] = run.values;
        const sent = emulator.exchanges(({ method, url }) => method === 'PUT' && url.includes(`/jobs/${job.name}?`));
        return sent.at(-1)?.requestBody.properties;
    };

    test('names data and models by their latest version', async () => {
        const stored = 'azureml://datastores/workspaceblobstore/paths/digits/';
        for (const version of ['1', '2']) {
            const data = { properties: { dataType: 'uri_folder', dataUri: stored } };
            const model = { properties: { modelType: 'custom_model', modelUri: stored } };
            const made = [
                await emulator.arm('PUT', `${emulator.workspaceId}/data/digits/versions/${version}`, data),
                await emulator.arm('PUT', `${emulator.workspaceId}/models/net/versions/${version}`, model),
            ];
            assert.deepEqual(made.map(({ status }) => status), [201, 201]);
        }
        const { inputs } = await submitted('latest', {
            inputs: {
                digits: { type: 'uri_folder', path: 'azureml:digits@latest' },
                first: { type: 'uri_folder', path: 'azureml:digits:1', mode: 'download' },
                net: { type: 'custom_model', path: 'azureml:net@latest' },
            },
        });
        assert.equal(inputs.digits.uri, `${emulator.workspaceId}/data/digits/versions/2`);
        assert.equal(inputs.first.uri, `${emulator.workspaceId}/data/digits/versions/1`);
        assert.equal(inputs.net.uri, `${emulator.workspaceId}/models/net/versions/2`);
    });

    test('leaves the short form of a curated environment to Azure', async () => {
        const environment = 'azureml:AzureML-sklearn-1.5@latest';
        assert.equal((await submitted('curated', { environment })).environmentId, environment);
        project.script('gone.py', 'print(1)\n', { environment: 'azureml:AzureML-sklearn-0.24@latest' });
        const { code, stderr } = await project.aml(['run', 'gone.py']);
        assert.equal(code, 1);
        assert.match(stderr, /^error: .*'azureml:AzureML-sklearn-0\.24@latest' was not found in the workspace/m);
        assert.doesNotMatch(stderr, /registries/);
    });

    test('names local files and folders, which are uploaded once and which the run reads', async () => {
        project.write('numbers/one.txt', '1\n');
        project.write('numbers/more/two.txt', '2\n');
        project.write('.amlignore', 'numbers/\nfactor.txt\n');
        project.write('factor.txt', '10\n');
        const source = `import pathlib, sys
folder, file = map(pathlib.Path, sys.argv[1:])
print("sum", sum(int(part.read_text()) for part in folder.rglob("*.txt")) * int(file.read_text()))
`;
        const keys = {
            command: 'python adds.py ${{inputs.numbers}} ${{inputs.factor}}',
            inputs: {
                numbers: { type: 'uri_folder', path: './numbers' },
                factor: { type: 'uri_file', path: 'factor.txt', mode: 'download', datastore: 'azureml:workspaceblobstore' },
            },
        };
        project.script('adds.py', source, keys);
        const run = await project.aml(['run', 'adds.job.json', '--follow']);
        assert.equal(run.code, 0, run.stderr);
        assert.match(run.stdout, /^sum 30$/m);
        const uploads = () => emulator.exchanges(({ method, url }) => method === 'PUT' && url.includes('LocalUpload')).length;
        const first = uploads();
        assert.equal(first, 3);
        const sent = await submitted('again', keys);
        assert.match(sent.inputs.numbers.uri, /^azureml:\/\/datastores\/workspaceblobstore\/paths\/LocalUpload\/[0-9a-f]{64}\/numbers\/$/);
        assert.match(sent.inputs.factor.uri, /\/LocalUpload\/[0-9a-f]{64}\/factor\.txt$/);
        assert.equal(uploads(), first);
    });

    test('uploads as the user to a datastore that has no key, and runs as the user', async () => {
        const original = `${emulator.workspaceId}/datastores/workspaceblobstore`;
        const { isDefault: _, ...properties } = (await emulator.arm('GET', original)).body.properties;
        const keyless = { ...properties, credentials: { credentialsType: 'None' } };
        const made = await emulator.arm('PUT', `${emulator.workspaceId}/datastores/keyless`, { properties: keyless });
        assert.equal(made.status, 201);
        project.write('own/one.txt', '41\n');
        project.script('reads.py', 'import sys; print("read", int(open(sys.argv[1]).read()) + 1)\n', {
            command: 'python reads.py ${{inputs.own}}/one.txt',
            inputs: { own: { type: 'uri_folder', path: './own', datastore: 'azureml:keyless' } },
            identity: { type: 'user_identity' },
        });
        const run = await project.aml(['run', 'reads.job.json', '--follow']);
        assert.equal(run.code, 0, run.stdout + run.stderr);
        assert.match(run.stdout, /^read 42$/m);
        const own = /\/LocalUpload\/[0-9a-f]+\/own\/one\.txt/;
        const [upload] = emulator.exchanges(({ method, url }) => method === 'PUT' && own.test(url));
        assert.equal(upload?.requestHeaders.Authorization, 'REDACTED');
        assert.ok(!upload.url.includes('sig='), upload.url);
    });

    test('is sent with every group of its keys', async () => {
        const sent = await submitted('everything', {
            command: 'python everything.py ${{inputs.rate}} ${{outputs.model}}',
            description: 'tries everything',
            tags: { a: 'b' },
            properties: { p: 'q' },
            environment_variables: { LEVEL: 'debug' },
            inputs: { rate: 0.1, flag: true },
            outputs: { model: { type: 'uri_folder', mode: 'upload', name: 'net' } },
            resources: { instance_count: 1, shm_size: '4g', docker_args: ['--ipc=host'], properties: { own: { x: 1 } } },
            distribution: { type: 'pytorch', process_count_per_instance: 1 },
            limits: { timeout: 600 },
            queue_settings: { job_tier: 'standard' },
            identity: { type: 'aml_token' },
            services: { lab: { type: 'jupyter_lab' }, shell: { type: 'ssh', ssh_public_keys: 'ssh-ed25519 A', nodes: 'all' } },
        });
        assert.equal(sent.description, 'tries everything');
        assert.deepEqual(sent.tags, { a: 'b' });
        assert.equal(sent.properties.p, 'q');
        assert.deepEqual(sent.environmentVariables, { LEVEL: 'debug' });
        assert.deepEqual(sent.inputs, {
            rate: { jobInputType: 'literal', value: '0.1' },
            flag: { jobInputType: 'literal', value: 'True' },
        });
        assert.deepEqual(sent.outputs, { model: { jobOutputType: 'uri_folder', mode: 'Upload', assetName: 'net' } });
        assert.deepEqual(sent.resources, {
            instanceCount: 1,
            shmSize: '4g',
            dockerArgsList: ['--ipc=host'],
            properties: { own: { x: 1 } },
        });
        assert.deepEqual(sent.distribution, { distributionType: 'PyTorch', processCountPerInstance: 1 });
        assert.deepEqual(sent.limits, { jobLimitsType: 'Command', timeout: 'PT600S' });
        assert.deepEqual(sent.queueSettings, { jobTier: 'Standard' });
        assert.deepEqual(sent.identity, { identityType: 'AMLToken' });
        assert.deepEqual(sent.services, {
            lab: { jobServiceType: 'JupyterLab' },
            shell: { jobServiceType: 'SSH', nodes: { nodesValueType: 'All' }, properties: { sshPublicKeys: 'ssh-ed25519 A' } },
        });
    });
});
