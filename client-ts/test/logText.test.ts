import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogText } from '../src/model/logText';

function linesOf(log: LogText): string[] {
    return log.lines.map(({ text }) => text);
}

function textOf(...parts: string[]): LogText {
    const log = new LogText(1000);
    for (const part of parts) log.append(part);
    return log;
}

void test('a log is the same in whatever pieces it comes', () => {
    const whole = 'one\r\ntwo\n\u001b[31mred\nstill red\u001b[0m\n 1%\r 2%\r 3%\nend';
    const expected = ['one', 'two', 'red', 'still red', ' 3%', 'end'];
    assert.deepEqual(linesOf(textOf(whole)), expected);
    const log = textOf(...Array.from(whole));
    assert.deepEqual(linesOf(log), expected);
    const colors = log.lines.map(({ spans }) => spans[0]?.style.color);
    assert.deepEqual(colors, [undefined, undefined, 1, 1, undefined, undefined]);
});

void test('a progress bar is one line, however long it goes on', () => {
    const log = textOf('start\n\u001b[32m');
    for (let step = 0; step < 1000; step += 1) log.append(`\r step ${step} of 1000`);
    assert.deepEqual(linesOf(log), ['start', ' step 999 of 1000']);
    assert.equal(log.lines[1]?.spans[0]?.style.color, 2);
    assert.equal(log.hidden, 0, 'what is overwritten is not missed');
});

void test('the first lines go when there are too many, whole ones', () => {
    const log = new LogText(100);
    for (let line = 0; line < 50; line += 1) log.append(`line ${String(line).padStart(2, '0')} é\n`);
    const lines = linesOf(log);
    assert.equal(lines.at(-2), 'line 49 é');
    assert.match(lines[0] ?? '', /^line \d\d é$/);
    assert.ok(lines.join('\n').length <= 100);
    assert.equal(log.dropped + lines.length - 1, 50);
    assert.equal(log.hidden, log.dropped * Buffer.byteLength('line 00 é\n'));
});

void test('a line that never ends loses its beginning', () => {
    const log = new LogText(100);
    log.append('é'.repeat(150));
    assert.equal(linesOf(log).join('').length, 75);
    log.append('\n');
    for (let line = 0; line < 20; line += 1) log.append('0123456789\n');
    const lines = linesOf(log).length - 1;
    assert.equal(log.hidden, 301 + (20 - lines) * 11, 'its bytes count as well');
});

void test('a log that begins anew has nothing of what was there', () => {
    const log = textOf('\u001b[31ma\nb\nc');
    log.restart(5000);
    log.append('d\n');
    assert.deepEqual(linesOf(log), ['d', '']);
    assert.deepEqual(log.lines[0]?.spans, []);
    assert.equal(log.hidden, 5000);
    assert.equal(log.dropped, 2);
});
