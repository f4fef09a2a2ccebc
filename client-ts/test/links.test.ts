import assert from 'node:assert/strict';
import test from 'node:test';
import { withLinks } from '../src/model/links';

void test('an address becomes a link, without the full stop behind it', () => {
    assert.equal(
        withLinks('Enter the code AB12 at https://microsoft.com/devicelogin.'),
        'Enter the code AB12 at [https://microsoft.com/devicelogin](https://microsoft.com/devicelogin).',
    );
});

void test('a text without an address stays as it is', () => {
    assert.equal(withLinks('Uploading 1 of 2 files'), 'Uploading 1 of 2 files');
});
