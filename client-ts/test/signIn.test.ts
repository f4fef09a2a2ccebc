import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengeOf, providerOf, scopesOf } from '../src/model/signIn';

const scopes = ['https://management.azure.com/.default'];

void test('a tenant is one more scope, as the Microsoft provider wants it', () => {
    assert.deepEqual(scopesOf({ scopes }), scopes);
    assert.deepEqual(scopesOf({ scopes, tenant: 't-1' }), [...scopes, 'VSCODE_TENANT:t-1']);
});

void test('sovereign clouds have a provider of their own', () => {
    assert.equal(providerOf(undefined), 'microsoft');
    assert.equal(providerOf('https://login.microsoftonline.com'), 'microsoft');
    assert.equal(providerOf('https://login.microsoftonline.us'), 'microsoft-sovereign-cloud');
    assert.equal(providerOf('https://login.chinacloudapi.cn/'), 'microsoft-sovereign-cloud');
});

void test('a claims challenge is passed on to editors that take one', () => {
    assert.equal(challengeOf({ scopes }, '1.110.0'), undefined);
    assert.equal(challengeOf({ scopes, claims: 'e30=' }, '1.100.0'), undefined);
    assert.match(challengeOf({ scopes, claims: 'e30=' }, '1.105.1') ?? '', /claims="e30="/);
    assert.match(challengeOf({ scopes, claims: 'e30=' }, '2.0.0') ?? '', /claims="e30="/);
});
