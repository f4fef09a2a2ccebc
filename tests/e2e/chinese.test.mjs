// @ts-check
// What a user reads is Chinese where Chinese is asked for, in a terminal and in an editor. What programs read is
// the same in every language, and names, ids and Azure's own messages are what they are.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Emulator } from '../support/emulator.mjs';
import { LanguageClient } from '../support/language_client.mjs';
import { approve } from '../support/person.mjs';
import { killWhatRuns } from '../support/processes.mjs';
import { Project } from '../support/project.mjs';

after(killWhatRuns);

const chinese = { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' };

// Names, and what is typed.
const names = /\bcompute (?:create(?: NAME)?|list|show|scale|start|stop|restart|delete)\b|\bworkspace (?:create(?: NAME)?|list|delete)\b|\bdata (?:create(?: NAME)?|list)\b|AzureML Data Scientist|Storage Blob Data Contributor|Azure ML Experiments|\baml \w+|\baz login|train\.py|serve --stdio|--set [\w.]+=[\w.,]+(?: --parallel)?/g;

/**
 * The English in a text: wherever a lower-case word follows another word.
 * @param {string} text
 * @param {...string} others texts of others in it, such as Azure's own message
 */
function english(text, ...others) {
    let rest = text;
    for (const other of others) rest = rest.replaceAll(other, '');
    return rest.replace(/https?:\S+/g, '').replace(names, '').match(/[A-Za-z]{2,},? [a-z]{2,}.*/g) ?? [];
}

/** @param {string} text @param {...string} others */
function assertChinese(text, ...others) {
    assert.match(text, /\p{Script=Han}/u);
    assert.deepEqual(english(text, ...others), [], text);
}

const quota = 'Operation could not be completed as it results in exceeding approved Total Regional Cores quota.';
const refusals = [
    {
        error: {
            code: 'OperationNotAllowed',
            message: `${quota} Additional details - Location: eastus, Current Limit: 10, Current Usage: 8, Additional Required: 4.`,
        },
    },
    { error: { code: 'UnheardOf', message: 'The moon is in the wrong place.' } },
];
const quotaSentence =
    '无法创建作业：eastus 中的配额已用完：共 10 个核心，已使用 8 个，还需要 4 个；' +
    '请选择更少的节点或其他 VM 大小，或在 Azure 门户中申请更多配额（“配额”>“机器学习”）。';

test('the English in a text is found', () => {
    assert.deepEqual(english('无法创建作业：the quota is used up'), ['the quota is used up']);
    assert.deepEqual(english('Cannot 创建作业'), []);
    assert.deepEqual(english('运行“aml jobs --help”，Azure CLI'), []);
    assert.deepEqual(english('“The moon”。', 'The moon'), []);
});

describe('aml in a Chinese terminal', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({
            faults: {
                rules: refusals.map((body) => ({ method: 'PUT', route: '**/jobs/*', status: 409, body, times: 1 })),
            },
        });
        project = new Project(emulator).bind().script('train.py', 'print("trained")\n');
    });
    after(async () => {
        project.remove();
        await emulator.stop();
    });

    test('help is Chinese for every command', async () => {
        const { code, stdout } = await project.aml(['--help'], chinese);
        assert.equal(code, 0);
        assertChinese(stdout);
        const commands = [...stdout.matchAll(/^ {2}(\w+(?: (?:create|list|show|scale|start|stop|restart|delete)\b)?)/gm)].map(([, name = '']) => name);
        assert.deepEqual(commands, ['run', 'sweep', 'repeat', 'jobs', 'status', 'logs', 'metrics', 'outputs', 'compare', 'cancel', 'compute create', 'compute list', 'compute show', 'compute scale', 'compute start', 'compute stop', 'compute restart', 'compute delete', 'workspace create', 'workspace list', 'workspace delete', 'data create', 'data list', 'login', 'doctor', 'version', 'serve']);
        for (const command of commands) {
            const help = await project.aml([...command.split(' '), '--help'], chinese);
            assert.match(help.stdout, new RegExp(`^用法：aml ${command} `));
            assertChinese(help.stdout);
        }
        const usage = await project.aml(['jobs', '--what'], chinese);
        assert.equal(usage.code, 2);
        assert.equal(usage.stderr, '错误：“aml jobs”没有选项 --what。\n“aml jobs --help”可查看说明。\n');
        const serve = await project.aml(['serve', '--what'], chinese);
        assert.equal(serve.code, 2);
        assert.equal(serve.stderr, '错误：“aml serve”没有选项 --what。\n“aml serve --help”可查看说明。\n');
    });

    test('the language is what the locale says, as for other programs', async () => {
        const help = async (/** @type {NodeJS.ProcessEnv} */ locale) =>
            (await project.aml(['--help'], { ...chinese, ...locale })).stdout;
        for (const locale of [
            { LANG: '' },
            { LC_ALL: 'C' },
            { LC_MESSAGES: 'en_US.UTF-8' },
            { LANG: 'zh_TW.UTF-8' },
            { LANG: 'zh_CN.GB18030' },
        ])
            assert.match(await help(locale), /^usage: aml COMMAND/, JSON.stringify(locale));
        for (const locale of [{ LC_ALL: 'zh_CN.UTF-8', LANG: 'C' }, { LC_MESSAGES: 'zh_CN.utf8', LANG: 'en_US.UTF-8' }])
            assert.match(await help(locale), /^用法：aml COMMAND/, JSON.stringify(locale));
    });

    test('a refused submission is Chinese, but for words of Azure that only Azure knows', async () => {
        const known = await project.aml(['run', 'train.py'], chinese);
        assert.equal(known.code, 1);
        assert.ok(known.stderr.includes(`错误：${quotaSentence}\n`), known.stderr);
        assertChinese(known.stderr);
        const unknown = await project.aml(['run', 'train.py', '--verbose'], chinese);
        assert.equal(unknown.code, 1);
        assert.match(unknown.stderr, /错误：无法创建作业：The moon is in the wrong place。\n/);
        assert.match(unknown.stderr, /\n消息：无法创建作业：[^]*\n代码：UnheardOf\n[^]*\n {2}用于创建作业：HTTP 状态 409\n/);
        // Lines of the log are for support, and English.
        const log = unknown.stderr.split('\n').filter((line) => /^\S+Z? .*(PUT|GET) http/.test(line) && line.includes('attempt='));
        assert.ok(log.length > 0, unknown.stderr);
        for (const line of log) assert.doesNotMatch(line, /\p{Script=Han}/u);
    });

    test('a run is submitted and followed in Chinese', async () => {
        const run = await project.aml(['run', 'train.py', '--follow'], chinese);
        assert.equal(run.code, 0, run.stderr);
        assert.match(run.stdout, /^已将 train 提交到实验 e2e：运行 \w+\n/);
        assert.match(run.stdout, /\n已完成，用时 /);
        assert.match(run.stdout, /\ntrained\n/);
        assertChinese(run.stdout + run.stderr, "Waiting for a node of 'cpu-cluster' to start.");
        const jobs = await project.aml(['jobs'], chinese);
        assert.match(jobs.stdout, /^名称 +显示名称 +实验 +状态 +创建时间 \(UTC\) +用时\n/);
        assert.match(jobs.stdout, / train +e2e +已完成 +\d{4}-/);
        const [name = ''] = jobs.stdout.split('\n')[1]?.split(' ') ?? [];
        const status = await project.aml(['status', name], chinese);
        assert.equal(status.code, 0);
        assert.match(status.stdout, /\n状态 {10}已完成\n/);
        assertChinese(status.stdout);
        const missing = await project.aml(['status', 'no_such_run'], chinese);
        assertChinese(missing.stderr);
    });

    test('what programs read is English', async () => {
        const expected = await project.json(['doctor']);
        const { values } = await project.json(['doctor'], chinese);
        assert.deepEqual(values, expected.values);
        const { stdout } = await project.aml(['status', 'no_such_run', '--json'], chinese);
        assert.doesNotMatch(stdout, /\p{Script=Han}/u);
    });

    test('signing in with a code is Chinese', async () => {
        const program = project.start(['login'], {
            ...chinese,
            AZUREML_AUTH: 'deviceCode',
            AZURE_CLIENT_ID: '',
            AZURE_CLIENT_SECRET: '',
        });
        program.child.stdin.end();
        const [, code = ''] = await program.output(/要登录，请打开 http\S+ 并输入代码 (\w+)\n/, 'stderr');
        await approve(emulator, code);
        const { stdout, stderr } = await program.ended;
        assert.match(stdout, /^已以 Demo User 的身份登录（在浏览器中输入的代码）。\n$/);
        assertChinese(stdout + stderr, 'Demo User');
        const nobody = await project.aml(['jobs'], {
            ...chinese,
            AZURE_TENANT_ID: '',
            AZURE_CLIENT_SECRET: '',
            PATH: '/nowhere',
            AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1',
        });
        assert.equal(nobody.code, 1);
        assertChinese(nobody.stderr);
    });
});

describe('the doctor in a Chinese terminal', () => {
    /**
     * @param {unknown[]} rules
     * @param {NodeJS.ProcessEnv} [environment]
     */
    async function examine(rules, environment) {
        const emulator = await Emulator.start(rules.length > 0 ? { faults: { rules } } : {});
        const project = new Project(emulator).bind();
        try {
            return await project.aml(['doctor'], { ...chinese, ...environment });
        } finally {
            project.remove();
            await emulator.stop();
        }
    }

    test('everything works', async () => {
        const { code, stdout } = await examine([]);
        assert.equal(code, 0, stdout);
        assertChinese(stdout);
        // Wide characters or not, the texts stand below each other.
        const lines = stdout.trimEnd().split('\n');
        assert.equal(lines.length, 8);
        const columns = (/** @type {string} */ text) => [...text].reduce((sum, one) => sum + (/[^\x00-\xff]/.test(one) ? 2 : 1), 0);
        for (const line of lines) {
            const [before = ''] = line.match(/^\S+ +.*?\S {2,}/) ?? [];
            assert.equal(columns(before), 24, line);
        }
    });

    test('what does not work is found and explained as in English', async () => {
        const plain = createServer((socket) => {
            socket.on('error', () => {});
            socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        });
        await new Promise((resolve) => plain.listen(0, '127.0.0.1', () => resolve(undefined)));
        const { port } = /** @type {import('node:net').AddressInfo} */ (plain.address());
        try {
            const { stdout } = await examine([], { AZUREML_ARM_ENDPOINT: `https://127.0.0.1:${port}` });
            assert.match(stdout, /^正常 +终结点 .*\n失败 +TLS 和代理 .*无法与 https:/);
        } finally {
            plain.close();
        }
        const secret = await examine([], { AZURE_CLIENT_SECRET: 'wrong' });
        assert.match(secret.stdout, /\n失败 +令牌 +客户端密码不正确；请将/);
        assertChinese(secret.stdout);
        const upload = await examine([{ method: 'PUT', route: '**/doctor.txt', status: 403 }]);
        assert.match(upload.stdout, /\n失败 +存储 +无法上传文件：/);
        assertChinese(upload.stdout);
        const away = await examine([], { AZUREML_ARM_ENDPOINT: 'http://127.0.0.1:1' });
        assert.match(away.stdout, /^失败 +终结点 +无法连接到 Azure：/);
        assertChinese(away.stdout);
    });
});

describe('the server of a Chinese editor', () => {
    /** @type {Emulator} */
    let emulator;
    /** @type {Project} */
    let project;

    before(async () => {
        emulator = await Emulator.start({
            faults: { rules: [{ method: 'PUT', route: '**/jobs/*', status: 409, body: refusals[0] }] },
        });
        project = new Project(emulator).bind().script('train.py', 'print("trained")\n');
    });
    after(async () => {
        project.remove();
        await emulator.stop();
    });

    /** @param {Record<string, unknown>} options @param {NodeJS.ProcessEnv} [environment] */
    async function open(options, environment = {}) {
        const client = new LanguageClient({ env: { ...project.environment, ...environment }, cwd: project.folder });
        client.on('window/showDocument', () => ({ success: true }));
        await client.request('initialize', {
            processId: process.pid,
            locale: 'zh-cn',
            capabilities: { window: { workDoneProgress: true, showDocument: { support: true } } },
            workspaceFolders: [{ uri: pathToFileURL(project.folder).href, name: 'project' }],
            initializationOptions: options,
        });
        client.notify('initialized', {});
        return client;
    }
    const execute = (/** @type {LanguageClient} */ client, /** @type {string} */ command, /** @type {unknown[]} */ ...rest) =>
        client.request('workspace/executeCommand', { command, arguments: rest });

    test('the report of the doctor is Chinese', async () => {
        const client = await open({ auth: 'servicePrincipal', stateDirectory: join(project.base, 'doctor') });
        const found = await execute(client, 'azureml.doctor');
        assert.deepEqual([...new Set(found.map((/** @type {any} */ { state }) => state))], ['ok']);
        const { uri } = await client.asked('window/showDocument');
        const report = readFileSync(fileURLToPath(uri), 'utf8');
        assert.match(report, /^# 登录诊断\n\nAzure 地址：http/);
        assert.match(report, /- ✓ \*\*存储\*\*：已将一个小文件上传到 /);
        assertChinese(report);
        await client.shutDown();
    });

    test('a refused submission and its diagnostics are Chinese, their kinds and codes are not', async () => {
        const client = await open({ auth: 'servicePrincipal', stateDirectory: join(project.base, 'submit') });
        const file = pathToFileURL(project.path('train.job.json')).href;
        await assert.rejects(execute(client, 'azureml.submit', file), (/** @type {any} */ { message, data }) => {
            assert.equal(message, quotaSentence);
            assert.equal(data.kind, 'Conflict');
            assert.equal(data.azureCode, 'OperationNotAllowed');
            return true;
        });
        await execute(client, 'azureml.copyDiagnostics');
        const { text } = await client.asked('ui/copy');
        assert.match(text, /^Azure ML Experiments \d+\.\d+\.\d+\n时间：20[^]*\n类型：Conflict\n[^]*\n代码：OperationNotAllowed\n/);
        assert.match(text, /\n最近五分钟内失败的请求\n\n\S+ {2}PUT http[^]*\n {2}用于创建作业：HTTP 状态 409\n/);
        const ofAzure = [...text.matchAll(/^ {2}[A-Za-z/]+: .*$/gm)].map(([line]) => line);
        assert.ok(ofAzure.some((line) => line.includes(quota)), text);
        assertChinese(text, ...ofAzure);
        // The server's log names the request in English.
        assert.doesNotMatch(client.program.stderr.replace(/.*(quota|配额|error).*\n?/g, ''), /\p{Script=Han}/u);
        await client.shutDown();
    });

    test('signing in with a code is Chinese', async () => {
        const client = await open(
            { auth: 'deviceCode', stateDirectory: join(project.base, 'code') },
            { AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: '' },
        );
        client.on('window/showMessageRequest', async ({ message }) => {
            const [code = ''] = message.match(/[A-Z0-9]{9}/) ?? [];
            await approve(emulator, code);
            return null;
        });
        const info = await execute(client, 'azureml.signIn');
        assert.equal(info.state, 'signedIn');
        const { message, actions = [] } = await client.asked('window/showMessageRequest');
        assertChinese(message);
        for (const { title } of actions) assertChinese(title);
        await client.shutDown();
    });
});
