// @ts-check
// MLflow's UI and TensorBoard, from their registry and unmodified, with the same series in the same Chromium.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { pythonClients, pythonEnvironment } from '../clients/install.mjs';
import { Program, until } from '../support/processes.mjs';
import { openBrowser } from '../vscode/editor.mjs';
import { percentile, timed } from './measure.mjs';
import { metric, seriesCount, seriesLength, seriesOf } from './watch_data.mjs';
import { framesOf, moveAbout, watchFrames } from './watch_pages.mjs';

/** @typedef {import('./bench.mjs').Measurement} Measurement */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** How long a page may take to show its plot. */
const patience = 180_000;

const here = dirname(fileURLToPath(import.meta.url));

/** @returns {Promise<Measurement[]>} */
export async function measurePeers() {
    const folder = mkdtempSync(join(tmpdir(), 'aml-peers-'));
    const measured = [...(await mlflow(folder)), ...(await tensorBoard(folder))];
    rmSync(folder, { recursive: true, force: true });
    return measured;
}

/** A port that is free now, for programs that do not tell theirs. @returns {Promise<number>} */
function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
            server.close(() => resolve(port));
        });
    });
}

/**
 * Starts a program that serves pages, opens one, and moves about in the plot that appears.
 * @param {{ name: string, what: string, command: readonly string[], address: string }} program
 * @param {(page: Page) => { plot: Locator, sign: Locator }} shown the plot, and what is there once it has all its lines
 * @returns {Promise<Measurement[]>}
 */
async function peer({ name, what, command: [file = '', ...args], address }, shown) {
    const program = new Program(file, args, {
        env: { ...process.env, DO_NOT_TRACK: '1', MLFLOW_DISABLE_TELEMETRY: '1' },
    });
    await until(
        () =>
            fetch(address).then(
                ({ ok }) => ok,
                () => false,
            ),
        `${name} to start`,
        120_000,
    );
    const browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(patience);
    const [plot, opening] = await timed(async () => {
        await page.goto(address);
        const { sign, plot: found } = shown(page);
        return sign.waitFor({ state: 'attached' }).then(
            () => found,
            () => undefined,
        );
    });
    const measured = [
        {
            what: `${name}, ${what}: ${plot === undefined ? 'not opened within' : 'opened'}`,
            value: opening / 1000,
            unit: 's',
        },
    ];
    if (plot !== undefined) {
        await watchFrames(page);
        await moveAbout(page, plot);
        const frames = await framesOf(page);
        measured.push(
            { what: '  busy with a frame while zooming, p95', value: percentile(frames, 0.95), unit: 'ms' },
            { what: '  the same, at most', value: percentile(frames, 1), unit: 'ms' },
        );
    }
    await browser.close();
    await program.kill();
    return measured;
}

/** @param {string} folder */
async function mlflow(folder) {
    const python = pythonClients('mlflow');
    const values = Array.from({ length: seriesCount }, (_, i) => new Uint8Array(seriesOf(i).buffer));
    writeFileSync(join(folder, 'series.bin'), Buffer.concat(values));
    const data = [join(here, 'mlflow_data.py'), folder, String(seriesCount), String(seriesLength)];
    execFileSync(python, data, { stdio: ['ignore', 'ignore', 'inherit'] });
    const port = await freePort();
    const store = ['--backend-store-uri', `sqlite:///${folder}/mlflow.db`];
    const command = [python, '-m', 'mlflow', 'server', ...store, '--port', String(port), '--workers', '1'];
    const address = `http://127.0.0.1:${port}/#/experiments/1/runs?compareRunsMode=CHART`;
    // It shows no more unless it is told.
    const what = 'ten of the same series over each other';
    return peer({ name: 'MLflow', what, command, address }, (page) => ({
        plot: page.locator('.js-plotly-plot').first(),
        sign: page.locator('.js-plotly-plot .scatterlayer .trace').nth(9),
    }));
}

/** @param {string} folder */
async function tensorBoard(folder) {
    const python = pythonEnvironment('tensorboard', join(here, 'tensorboard.txt'));
    const logs = join(folder, 'logs');
    for (let i = 0; i < seriesCount; i += 1) {
        const run = join(logs, `series-${i}`);
        mkdirSync(run, { recursive: true });
        writeFileSync(join(run, 'events.out.tfevents.1767225600.bench'), eventFile(seriesOf(i)));
    }
    const port = await freePort();
    const options = [
        '--logdir',
        logs,
        '--port',
        String(port),
        '--samples_per_plugin',
        `scalars=${seriesLength}`,
    ];
    const command = [python, '-m', 'tensorboard.main', ...options];
    const address = `http://127.0.0.1:${port}/#timeseries`;
    const what = 'the same series over each other';
    const lastStep = (seriesLength - 1).toLocaleString('en');
    return peer({ name: 'TensorBoard', what, command, address }, (page) => ({
        plot: page.locator('scalar-card line-chart').first(),
        sign: page.locator('scalar-card', { hasText: lastStep }),
    }));
}

/** A series as TensorBoard's records: each a length and an event, both with a checksum. @param {Float64Array} values */
function eventFile(values) {
    const records = Array.from(values, (value, step) => {
        const summary = field(
            1,
            Buffer.concat([field(1, Buffer.from(metric)), Buffer.from([0x15]), float(value)]),
        );
        const wallTime = Buffer.alloc(8);
        wallTime.writeDoubleLE(1_767_225_600 + step / 10);
        const number = Buffer.concat([Buffer.from([0x10]), varint(step)]);
        return record(Buffer.concat([Buffer.from([0x09]), wallTime, number, field(5, summary)]));
    });
    return Buffer.concat(records);
}

/** @param {number} value */
function float(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return bytes;
}

/** @param {number} number */
function varint(number) {
    const bytes = [];
    for (let rest = number; ; rest = Math.floor(rest / 128)) {
        if (rest < 128) return Buffer.from([...bytes, rest]);
        bytes.push((rest % 128) + 128);
    }
}

/** A field of a message of Protocol Buffers. @param {number} number @param {Buffer} content */
function field(number, content) {
    return Buffer.concat([Buffer.from([number * 8 + 2]), varint(content.length), content]);
}

/** @param {Buffer} content */
function record(content) {
    const length = Buffer.alloc(8);
    length.writeUInt32LE(content.length);
    return Buffer.concat([length, checksum(length), content, checksum(content)]);
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
    let rest = index;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
    return rest >>> 0;
});

/** CRC-32C, masked as TensorFlow does. @param {Buffer} bytes */
function checksum(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (castagnoli[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    crc = ~crc >>> 0;
    const masked = Buffer.alloc(4);
    masked.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
    return masked;
}
