import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain, readLine, readStyled } from '../src/model/ansi';

const esc = '\u001b';

void test('escape sequences are no text', () => {
    const link = `${esc}]8;;file:///a${esc}\\name${esc}]8;;\u0007`;
    assert.equal(readStyled(`${esc}[2K${link}${esc}[1A ${esc}(Bx\u0000\u0008\ty`).text, 'name x\ty');
    assert.equal(readStyled(`cut ${esc}[3`).text, 'cut ');
    assert.equal(readStyled(`cut ${esc}`).text, 'cut ');
    // VS Code would take these for ends of lines.
    assert.equal(readStyled('a\u2028b\u0085c').text, 'abc');
});

void test('colours and bold are parts of the text, until they end', () => {
    const { text, spans, style } = readStyled(`a${esc}[31mred${esc}[1mboth${esc}[0mb${esc}[92mc`);
    assert.equal(text, 'aredbothbc');
    assert.deepEqual(spans, [
        { start: 1, end: 4, style: { color: 1, bold: undefined } },
        { start: 4, end: 8, style: { color: 1, bold: true } },
        { start: 9, end: 10, style: { color: 10, bold: undefined } },
    ]);
    assert.deepEqual(style, { color: 10, bold: undefined });
    assert.deepEqual(readStyled('d', style).spans[0]?.style.color, 10);
    assert.deepEqual(readStyled('plain').spans, []);
});

void test('other renditions are passed over with their parameters', () => {
    const colorOf = (codes: string): number | undefined =>
        readStyled(`${esc}[${codes}mx`).spans[0]?.style.color;
    assert.equal(colorOf('4;33'), 3);
    assert.equal(colorOf('38;5;9'), 9);
    assert.equal(colorOf('38;5;196'), undefined);
    assert.equal(colorOf('38;2;31;32;33'), undefined);
    assert.equal(colorOf('48;5;31;34'), 4);
    assert.equal(colorOf('31;39'), undefined);
    assert.equal(colorOf('31;'), undefined);
});

void test('of what carriage returns overwrite the last is left, with the style it had', () => {
    assert.equal(readLine('10%\r20%\r30%\r', plain).text, '30%');
    assert.equal(readLine('a line of Windows\r', plain).text, 'a line of Windows');
    const { text, spans } = readLine(`${esc}[32m10%\r20%`, plain);
    assert.equal(text, '20%');
    assert.equal(spans[0]?.style.color, 2);
    assert.equal(readLine('\r\r', plain).text, '');
});
