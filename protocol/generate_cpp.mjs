// @ts-check
// The model as C++: aggregates, decode and encode, one struct per message.
import { pascal, parseType, secretPaths, sorted } from './model.mjs';

/** @typedef {import('./model.mjs').Model} Model */
/** @typedef {import('./model.mjs').Structure} Structure */
/** @typedef {import('./model.mjs').Union} Union */
/** @typedef {import('./model.mjs').Enum} Enum */
/** @typedef {import('./model.mjs').Message} Message */

/** @type {Record<string, string>} */
const plain = {
    string: 'std::string',
    bool: 'bool',
    int: 'std::int64_t',
    uint: 'std::uint64_t',
    number: 'double',
    json: 'Json',
    progressToken: 'ProgressToken',
};

/** @param {string} type @returns {string} */
function cppType(type) {
    const { kind, inner } = parseType(type);
    if (kind === 'list') return `std::vector<${cppType(inner)}>`;
    if (kind === 'map') return `std::map<std::string, ${cppType(inner)}>`;
    return plain[inner] ?? inner;
}

/** Field names that are C++ keywords get a trailing underscore. @param {string} name */
const member = (name) =>
    ['default', 'class', 'export', 'new', 'delete', 'operator', 'template', 'this'].includes(name)
        ? `${name}_`
        : name;

/** @param {Structure} structure */
function structureHeader(structure) {
    const lines = [`/// ${structure.doc}`, `struct ${structure.name} {`];
    for (const field of structure.fields) {
        const type = field.secret ? 'Secret' : cppType(field.type);
        lines.push(`    /// ${field.doc}`);
        lines.push(`    ${field.optional ? `std::optional<${type}>` : type} ${member(field.name)}{};`);
    }
    lines.push(`    bool operator==(const ${structure.name}&) const = default;`, '};');
    return [...lines, ...codecDeclarations(structure.name)];
}

/** @param {string} name */
const codecDeclarations = (name) => [
    `void decode(const Json& json, ${name}& value, const Path& path);`,
    `Json encode(const ${name}& value);`,
    '',
];

/** @param {Structure & { kind?: string }} structure */
function structureSource(structure) {
    const { name, fields, kind } = structure;
    const unused = fields.length === 0 ? '[[maybe_unused]] ' : '';
    const lines = [
        `void decode(const Json& json, ${unused}${name}& value, const Path& path) {`,
        '    expect_object(json, path);',
    ];
    for (const field of fields) {
        const read = field.optional ? 'read_optional' : 'read_field';
        lines.push(`    ${read}(json, "${field.name}", value.${member(field.name)}, path);`);
    }
    lines.push('}', '', `Json encode(${unused}const ${name}& value) {`, '    Json json = Json::object();');
    if (kind !== undefined) lines.push(`    json["kind"] = "${kind}";`);
    for (const field of fields) {
        const write = field.optional ? 'write_optional' : 'write_field';
        lines.push(`    ${write}(json, "${field.name}", value.${member(field.name)});`);
    }
    return [...lines, '    return json;', '}', ''];
}

/** @param {Union} union */
function unionHeader(union) {
    const variants = union.variants.map((variant) => union.name + pascal(variant.kind));
    return [
        `/// ${union.doc}`,
        `using ${union.name} = std::variant<${variants.join(', ')}>;`,
        ...codecDeclarations(union.name),
    ];
}

/** @param {Union} union */
function unionSource(union) {
    const kinds = union.variants.map((variant) => variant.kind).join(', ');
    const lines = [
        `void decode(const Json& json, ${union.name}& value, const Path& path) {`,
        '    const auto kind = read_kind(json, path);',
    ];
    for (const variant of union.variants) {
        lines.push(
            `    if (kind == "${variant.kind}") return decode(json, value.emplace<${union.name}${pascal(variant.kind)}>(), path);`,
        );
    }
    lines.push(`    fail_expected(path.at("kind"), "one of ${kinds}");`, '}', '');
    lines.push(
        `Json encode(const ${union.name}& value) {`,
        '    return std::visit([](const auto& variant) { return encode(variant); }, value);',
        '}',
        '',
    );
    return lines;
}

/** @param {Enum} item */
function enumHeader(item) {
    const lines = [`/// ${item.doc}`];
    if (item.open) {
        lines.push(
            `class ${item.name} final : public OpenEnum {`,
            'public:',
            '    using OpenEnum::OpenEnum;',
        );
        for (const value of item.values) {
            lines.push(
                `    /// ${value.doc}`,
                `    static constexpr std::string_view ${pascal(value.name).replace('-', '')} = "${value.name}";`,
            );
        }
        return [
            ...lines,
            `    /// False for a text that this version of the protocol does not list.`,
            '    bool is_known() const;',
            '};',
            '',
        ];
    }
    lines.push(`enum class ${item.name} {`);
    for (const value of item.values) {
        lines.push(
            `    /// ${value.doc}`,
            `    ${pascal(value.name)}${value.value === undefined ? '' : ` = ${value.value}`},`,
        );
    }
    return [...lines, '};', ...codecDeclarations(item.name)];
}

/** @param {Enum} item */
function enumSource(item) {
    const { name, values } = item;
    const texts = values.map((value) => `"${value.name}"`);
    if (item.open) {
        return [
            `bool ${name}::is_known() const {`,
            `    static constexpr std::array<std::string_view, ${texts.length}> known{${texts.join(', ')}};`,
            '    return std::find(known.begin(), known.end(), text()) != known.end();',
            '}',
            '',
        ];
    }
    const lines = [`void decode(const Json& json, ${name}& value, const Path& path) {`];
    const wire = (/** @type {typeof values[0]} */ value) =>
        item.type === 'int' ? value.value : `"${value.name}"`;
    for (const value of values)
        lines.push(`    if (json == ${wire(value)}) return void(value = ${name}::${pascal(value.name)});`);
    lines.push(
        `    fail_expected(path, "one of ${values.map((value) => value.value ?? value.name).join(', ')}");`,
        '}',
        '',
    );
    lines.push(`Json encode(const ${name}& value) {`);
    if (item.type === 'int') return [...lines, '    return static_cast<int>(value);', '}', ''];
    lines.push('    switch (value) {');
    for (const value of values)
        lines.push(`        case ${name}::${pascal(value.name)}:`, `            return "${value.name}";`);
    return [...lines, '    }', '    return nullptr;', '}', ''];
}

/** @param {Message} message @param {boolean} isRequest */
function messageHeader(message, isRequest) {
    const result = message.result === undefined ? 'void' : cppType(message.result);
    const direction = message.direction === 'clientToServer' ? 'Client to server' : 'Server to client';
    const lines = [
        `/// ${message.doc}`,
        `/// ${direction}, ${isRequest ? 'request' : 'notification'}, since ${message.since}.`,
    ];
    lines.push(
        `struct ${message.name} {`,
        `    using Params = ${message.params === undefined ? 'NoParams' : cppType(message.params)};`,
    );
    if (isRequest)
        lines.push(`    using Result = ${message.optionalResult ? `std::optional<${result}>` : result};`);
    return [...lines, `    static constexpr std::string_view method = "${message.method}";`, '};', ''];
}

/** @param {string} name @param {Message[]} messages */
function methodList(name, messages) {
    return [
        `inline constexpr std::array<std::string_view, ${messages.length}> ${name}{`,
        ...messages.map((message) => `    "${message.method}",`),
        '};',
        '',
    ];
}

/** @param {Model} model */
function messages(model) {
    const from = (/** @type {Message[]} */ list, /** @type {string} */ direction) =>
        list.filter((message) => message.direction === direction);
    return [
        ...model.requests.flatMap((message) => messageHeader(message, true)),
        ...model.notifications.flatMap((message) => messageHeader(message, false)),
        ...methodList('client_requests', from(model.requests, 'clientToServer')),
        ...methodList('client_notifications', from(model.notifications, 'clientToServer')),
        ...methodList('server_requests', from(model.requests, 'serverToClient')),
        ...methodList('server_notifications', from(model.notifications, 'serverToClient')),
    ];
}

/** @param {Model} model @returns {{ header: string, source: string }} */
export function generateCpp(model) {
    const banner = [
        `// Generated by protocol/generate.mjs from protocol/protocol.json ${model.version}. Do not edit.`,
        '// clang-format off',
        '// NOLINTBEGIN',
    ];
    const order = sorted(model);
    const header = [
        ...banner,
        '#pragma once',
        '',
        '#include "protocol/codec.hpp"',
        '',
        '#include <array>',
        '#include <cstdint>',
        '#include <map>',
        '#include <optional>',
        '#include <string>',
        '#include <string_view>',
        '#include <variant>',
        '#include <vector>',
        '',
        'namespace aml::protocol {',
        '',
        '/// Version of the model.',
        `inline constexpr std::string_view version = "${model.version}";`,
        '',
        ...model.enums.flatMap(enumHeader),
        ...order.flatMap((item) =>
            (item.structure ? structureHeader(item.structure) : []).concat(
                item.union ? unionHeader(item.union) : [],
            ),
        ),
        ...messages(model),
        '}  // namespace aml::protocol',
        '// NOLINTEND',
        '',
    ];
    const secrets = secretPaths(model).map(
        (path) => `    {"${path.method}", "${path.part}", "${path.pointer}"},`,
    );
    const source = [
        ...banner,
        '#include "protocol/protocol.gen.hpp"',
        '',
        '#include <algorithm>',
        '',
        'namespace aml::protocol {',
        '',
        'const std::vector<SecretPath>& secret_paths() {',
        '    static const std::vector<SecretPath> paths{',
        ...secrets.map((line) => `    ${line}`),
        '    };',
        '    return paths;',
        '}',
        '',
        ...model.enums.flatMap(enumSource),
        ...order.flatMap((item) =>
            (item.structure ? structureSource(item.structure) : []).concat(
                item.union ? unionSource(item.union) : [],
            ),
        ),
        '}  // namespace aml::protocol',
        '// NOLINTEND',
        '',
    ];
    return { header: header.join('\n'), source: source.join('\n') };
}
