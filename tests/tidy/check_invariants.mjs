// @ts-check
// Rules of the server's code that a pattern can see. Each names the only files that may break it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { blankCommentsAndStrings, isCpp, isGenerated, lineAt, projectFiles, read } from './sources.mjs';

const nowhere = /^$/;
const rules = [
    {
        name: 'Asio is included through "async/asio.hpp" or by its single headers',
        pattern: /#\s*include\s*<boost\/asio\.hpp>/g,
        except: nowhere,
    },
    {
        name: 'cpprestsdk is named only where HTTP meets it',
        pattern: /#\s*include\s*<(cpprest|pplx)\//g,
        except: /^server\/(aml\/http\/cpprest_transport\.cpp|common\/async\/await_task\.hpp)$/,
    },
    { name: 'JSON is nlohmann/json', pattern: /\bweb::json\b/g, except: nowhere },
    {
        name: 'state belongs to the loop, so nothing is locked',
        pattern: /\bstd::(\w*mutex|lock_guard|scoped_lock|unique_lock)\b/g,
        except: nowhere,
    },
    {
        name: 'coroutines start in a task group or a connection',
        pattern: /\bco_spawn\b/g,
        except: /^server\/(common\/async\/(task_group\.cpp|asio\.hpp)|aml\/rpc\/connection\.(cpp|hpp))$/,
    },
    {
        name: 'the interfaces are those that server/README.md names',
        pattern: /\bvirtual\s+(?!~)/g,
        except: /^server\/(aml\/(rpc\/transport|http\/(transport|credential|pipeline)|ui\/prompter)|common\/(async\/clock|support\/(log|random))|emulator\/.*)\.hpp$/,
    },
    { name: 'no coroutine is let go of', pattern: /\basio::detached\b/g, except: nowhere },
    {
        name: 'nobody sleeps on a thread, but for a file that another process has locked or open, and to end in time',
        pattern: /\bthis_thread::sleep/g,
        except: /^server\/(aml\/state\/file_lock|aml\/cli\/program|common\/platform\/windows\/file)\.cpp$/,
    },
    {
        name: 'standard output belongs to the protocol, the terminal commands and the emulator',
        // A format string is blank here, so only a call without a file begins with the comma after it.
        pattern: /\bstd::cout\b|\bfmt::print\s*\(\s*[,)]|\bputs\s*\(/g,
        except: /^server\/(aml\/cli\/|emulator\/program\/emulator\.cpp)/,
    },
    {
        name: 'no exception is swallowed without a word on why',
        pattern: /\bcatch\s*\([^)]*\)\s*\{\s*\}/g,
        except: nowhere,
        withComments: true,
    },
];

for (const { name, pattern, except, withComments } of rules) {
    test(name, () => {
        const wrong = [];
        for (const path of projectFiles((file) => file.startsWith('server/') && isCpp(file))) {
            if (except.test(path) || isGenerated(path)) continue;
            const text = withComments ? read(path) : blankCommentsAndStrings(read(path));
            for (const { index } of text.matchAll(pattern)) wrong.push(`${path}:${lineAt(text, index)}`);
        }
        assert.deepEqual(wrong, []);
    });
}

test('a silenced check says which and why', () => {
    const wrong = [];
    for (const path of projectFiles((file) => isCpp(file) && !isGenerated(file))) {
        const text = read(path);
        for (const { index } of text.matchAll(/NOLINT(?!(NEXTLINE)?\([\w,.-]+\): \S)/g)) {
            wrong.push(`${path}:${lineAt(text, index)}`);
        }
    }
    assert.deepEqual(wrong, []);
});
