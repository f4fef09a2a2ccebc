// @ts-check
// The string literals of C++ source, each with the call that it is an argument of.

/**
 * @typedef {object} Literal
 * @property {string} value the text, adjacent literals joined
 * @property {number} start offset of the opening quote
 * @property {number} end offset after the last closing quote
 * @property {string} call name before the innermost open `(` or `{`; empty if there is none
 * @property {number} argument its place among the arguments, from 0
 */

const token =
    /\/\/[^\n]*|\/\*[^]*?\*\/|#[ \t]*include[^\n]*|(?<raw>R"([^(\s]*)\((?<inside>[^]*?)\)\2")|(?<string>"(?:\\.|[^"\\\n])*")|(?<![0-9a-zA-Z_])'(?:\\.|[^'\\\n])+'|(?<name>[A-Za-z_][\w:]*(?:<[\w:<>, *&]*>(?=[({]))?(?:\.[a-z_]+)*)|(?<open>[({[])|(?<close>[)}\]])|(?<other>[^\s])/g;

/** @type {Record<string, string>} */
const escapes = { n: '\n', t: '\t', r: '\r', 0: '\0' };

/** @param {string} quoted */
function unescape(quoted) {
    return quoted
        .slice(1, -1)
        .replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)/g, (_, unicode, hex, character) =>
            unicode || hex
                ? String.fromCodePoint(parseInt(unicode ?? hex, 16))
                : (escapes[character] ?? character),
        );
}

/**
 * @param {string} source
 * @returns {Literal[]}
 */
export function literals(source) {
    /** @type {Literal[]} */
    const found = [];
    /** @type {{ call: string, argument: number }[]} */
    const open = [{ call: '', argument: 0 }];
    let before = '';
    /** @type {Literal | undefined} the literal that an adjacent one would continue */
    let last;
    for (const match of source.matchAll(token)) {
        const { raw, inside, string, name, open: opening, close, other } = match.groups ?? {};
        const top = open[open.length - 1] ?? { call: '', argument: 0 };
        const end = match.index + match[0].length;
        if (raw !== undefined || string !== undefined) {
            const value = string === undefined ? (inside ?? '') : unescape(string);
            if (last !== undefined) {
                last.value += value;
                last.end = end;
            } else {
                last = { value, start: match.index, end, call: top.call, argument: top.argument };
                found.push(last);
            }
            continue;
        }
        if (name === undefined && opening === undefined && close === undefined && other === undefined)
            continue;
        last = undefined;
        if (opening !== undefined) {
            open.push({ call: before, argument: 0 });
            before = '';
        } else if (close !== undefined) {
            if (open.length > 1) open.pop();
            before = '';
        } else if (name !== undefined) {
            before = name;
        } else {
            if (other === ',') top.argument += 1;
            before = '';
        }
    }
    return found;
}
