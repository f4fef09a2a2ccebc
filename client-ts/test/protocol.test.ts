import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { check } from '../src/protocol.gen';

/** The examples that the C++ tests read too; tests run somewhere in the repository. */
function examplesFolder(): string {
    let folder = process.cwd();
    while (!existsSync(join(folder, 'protocol', 'examples'))) {
        assert.notEqual(folder, dirname(folder), 'protocol/examples was not found');
        folder = dirname(folder);
    }
    return join(folder, 'protocol', 'examples');
}

interface InvalidExample {
    readonly error: string;
    readonly value: unknown;
}

const folder = examplesFolder();
for (const name of readdirSync(folder)) {
    const type = name.slice(0, name.indexOf('.'));
    const example: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    void test(`the example ${name} is read as it says`, () => {
        if (name.includes('.valid.')) {
            assert.equal(check(type, example), undefined);
        } else {
            const { error, value } = example as InvalidExample;
            assert.equal(check(type, value), error);
        }
    });
}

void test('an unknown type is refused', () => {
    assert.equal(check('NoSuchType', {}, '/params'), '/params');
});
