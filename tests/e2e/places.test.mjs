// @ts-check
// Places to run in: workspaces, clusters and instances made, used and deleted from the terminal.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Emulator } from '../support/emulator.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const forbidden = {
    error: {
        code: 'AuthorizationFailed',
        message:
            "The client 'x' with object id 'y' does not have authorization to perform action " +
            "'Microsoft.Resources/deployments/write' over scope '/subscriptions/s/resourceGroups/no-rights' or the scope is invalid.",
    },
};

describe('places to run in', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({
            args: ['--node-start', '50'],
            seed: {
                softDelete: 1,
                workspaces: [
                    {},
                    {
                        name: 'kept',
                        locked: 1,
                        computes: [{ name: 'cpu-cluster' }],
                        experiments: [{ name: 'e', runs: 2 }],
                    },
                ],
            },
            faults: {
                rules: [
                    { method: 'PUT', route: '**/no-rights/**/deployments/*', status: 403, body: forbidden },
                ],
            },
        });
        project = new Project(emulator);
    });
    after(async () => {
        project.remove();
        await emulator?.stop();
    });

    /** @param {string[]} words */
    const json = (...words) => project.json(words);

    /** Runs a command that must succeed, and returns its only value. @param {string[]} words */
    const value = async (...words) => {
        const { code, stderr, values } = await json(...words);
        assert.equal(code, 0, stderr);
        assert.equal(values.length, 1);
        return values[0];
    };

    /** Runs a command that must fail, and returns what it says. @param {number} code @param {string[]} words */
    const refusal = async (code, ...words) => {
        const ended = await project.aml(words);
        assert.equal(ended.code, code, ended.stdout + ended.stderr);
        return ended.stderr;
    };

    test('a workspace and a cluster are made from nothing, used by a run, scaled and deleted', async () => {
        const made = await value(
            'workspace',
            'create',
            'from-nothing',
            '--resource-group',
            'new-group',
            '--location',
            'westeurope',
        );
        assert.deepEqual(
            [made.name, made.resourceGroup, made.location, made.provisioningState],
            ['from-nothing', 'new-group', 'westeurope', 'Succeeded'],
        );
        const { body } = await emulator.arm('GET', made.id);
        for (const id of [
            body.properties.storageAccount,
            body.properties.keyVault,
            body.properties.applicationInsights,
        ])
            assert.equal((await emulator.arm('GET', id)).status, 200, id);
        const listed = await project.aml(['workspace', 'list']);
        assert.match(
            listed.stdout,
            /^NAME +GROUP +REGION +SUBSCRIPTION\n[^]*from-nothing +new-group +westeurope +Demo Subscription/,
        );

        const where = ['--workspace', 'new-group/from-nothing'];
        const shape = ['--min-nodes', '1', '--max-nodes', '2', '--idle-seconds', '60'];
        const created = await json('compute', 'create', 'batch', ...shape, ...where);
        assert.equal(created.code, 0, created.stderr);
        assert.match(created.stderr, /\$0\.293 per hour for each machine/);
        assert.match(created.stderr, /1 node stays on, also when nothing runs: about \$214 a month/);
        assert.equal(created.values[0].pricePerHour, 0.293);

        project.write('train.py', 'print("trained in a new place")\n');
        project.write('requirements.txt', '');
        const choices = ['--experiment', 'e', '--compute', 'batch', '--environment', 'general', '--follow'];
        const ran = await project.aml(['run', 'train.py', ...where, ...choices]);
        assert.equal(ran.code, 0, ran.stderr);
        assert.match(ran.stdout, /trained in a new place/);

        const scaled = await value(
            'compute',
            'scale',
            'batch',
            '--min-nodes',
            '0',
            '--max-nodes',
            '5',
            ...where,
        );
        assert.deepEqual([scaled.minNodes, scaled.maxNodes, scaled.idleSeconds], [0, 5, 60]);
        const shown = await project.aml(['compute', 'show', 'batch', ...where]);
        assert.match(
            shown.stdout,
            /^batch +[01] of 5 nodes[^]*machines +STANDARD_DS3_V2 · 4 cores, 14 GB memory\nprice +\$0\.293 per hour\n/,
        );
        assert.match(
            await refusal(1, 'compute', 'stop', 'batch', ...where),
            /no compute instance[^]*'aml compute scale'/,
        );

        const asked = await refusal(2, 'workspace', 'delete', 'new-group/from-nothing');
        assert.match(asked, /Delete the workspace from-nothing of the resource group new-group\?/);
        assert.match(asked, /With it go: the compute batch, 1 experiment with all its runs\./);
        assert.match(
            asked,
            /These stay in Azure, and may go on costing money: the storage account fromnothstorage[^]*, the key vault /,
        );
        assert.match(asked, /Give --yes/);
        assert.equal((await value('compute', 'delete', 'batch', '--yes', ...where)).deleted, true);
        assert.equal((await value('workspace', 'delete', 'from-nothing', '--yes')).deleted, true);
        assert.equal((await emulator.arm('GET', made.id)).status, 404);
        assert.equal((await emulator.arm('GET', body.properties.storageAccount)).status, 200);
    });

    test('a compute instance is created, stopped, started and deleted', async () => {
        const where = ['--workspace', 'kept'];
        const made = await json(
            'compute',
            'create',
            'mine',
            '--type',
            'instance',
            '--idle-seconds',
            '3600',
            ...where,
        );
        assert.equal(made.code, 0, made.stderr);
        assert.deepEqual([made.values[0].type, made.values[0].instanceState], ['ComputeInstance', 'Running']);
        const listed = await project.aml(['compute', 'list', ...where]);
        assert.match(
            listed.stdout,
            /OFF WHEN IDLE FOR\n[^]*mine +ComputeInstance +STANDARD_DS3_V2 +running +60 min/,
        );
        assert.equal((await value('compute', 'stop', 'mine', ...where)).instanceState, 'Stopped');
        const started = await project.aml(['compute', 'start', 'mine', ...where]);
        assert.equal(started.stdout, 'The compute mine is running.\n');
        assert.equal((await value('compute', 'restart', 'mine', ...where)).instanceState, 'Running');
        assert.match(
            await refusal(1, 'compute', 'scale', 'mine', '--max-nodes', '2', ...where),
            /Only clusters can be scaled/,
        );
        assert.match(
            await refusal(2, 'compute', 'create', 'x', '--type', 'instance', '--spot', ...where),
            /--spot is for clusters/,
        );
    });

    test('what cannot be made says why and what to do', async () => {
        const into = (/** @type {string} */ group) => ['--resource-group', group, '--location', 'westeurope'];
        const create = (/** @type {string} */ name, /** @type {string[]} */ ...options) => [
            'workspace',
            'create',
            name,
            ...options,
        ];
        const { resourceGroup, workspace } = emulator.ready;
        assert.match(await refusal(2, ...create('new')), /--resource-group GROUP/);
        assert.match(
            await refusal(1, ...create('x', ...into('g'))),
            /A workspace name has 3 to 33 characters/,
        );
        assert.match(
            await refusal(1, ...create('new', ...into('bad group'))),
            /The name of a resource group may hold only/,
        );
        assert.match(
            await refusal(1, ...create(workspace, ...into(resourceGroup))),
            /already has a workspace named/,
        );
        assert.match(
            await refusal(1, ...create('new', '--resource-group', 'none-yet')),
            /no resource group none-yet yet: name the region/,
        );
        assert.match(
            await refusal(1, ...create('new', '--resource-group', 'g', '--location', 'mars')),
            /Cannot create the resource group g: the region does not offer it; choose another region/,
        );
        assert.match(
            await refusal(1, ...create('new', ...into('no-rights'))),
            /Cannot create the workspace new: you do not have the permission Microsoft\.Resources\/deployments\/write/,
        );
        assert.match(
            await refusal(1, ...create('new', ...into('g'), '--subscription', 'other')),
            /no subscription 'other'[^]*Demo Subscription/,
        );
        const where = ['--workspace', 'kept'];
        const gpu = await refusal(1, 'compute', 'create', 'gpu', '--size', 'Standard_ND96asr_v4', ...where);
        assert.match(
            gpu,
            /The quota holds 0 of 4 machines Standard_ND96asr_v4[^]*Cannot create the compute gpu[^]*ask for more quota/,
        );
        assert.match(await refusal(1, 'compute', 'show', 'nobody', ...where), /has no compute nobody/);
    });

    test('a lock, and a name that Azure keeps, are explained', async () => {
        assert.match(
            await refusal(1, 'workspace', 'delete', 'kept', '--yes'),
            /Cannot delete the workspace kept: a lock on the resource forbids changes; ask its owner to remove the lock/,
        );
        assert.match(
            await refusal(1, 'compute', 'delete', 'cpu-cluster', '--yes', '--workspace', 'kept'),
            /a lock on the resource/,
        );
        const create = [
            'workspace',
            'create',
            'twice',
            '--resource-group',
            'kept-names',
            '--location',
            'eastus',
        ];
        await value(...create);
        await value('workspace', 'delete', 'twice', '--yes');
        assert.match(
            await refusal(1, ...create),
            /a workspace of this name was deleted, and Azure keeps it for 14 days; choose another name/,
        );
    });
});
