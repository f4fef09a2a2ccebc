#include "platform/windows/wide.hpp"

#include <windows.h>

namespace aml::platform {
namespace {

bool is_high(wchar_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low(wchar_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

void append(std::string& out, unsigned code) {
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
    };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | (code >> 6U));
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | (code >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | (code >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace

std::wstring to_wide(std::string_view text) {
    const auto size = static_cast<int>(text.size());
    const auto length = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(length), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, wide.data(), length);
    return wide;
}

std::string to_utf8(std::wstring_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned code = text[at];
        if (is_high(text[at]) && at + 1 < text.size() && is_low(text[at + 1])) {
            code = 0x10000 + ((code - 0xD800U) << 10U) + (text[at + 1] - 0xDC00U);
            ++at;
        }
        append(out, code);
    }
    return out;
}

std::wstring unlimited(const std::filesystem::path& path) {
    constexpr std::wstring_view prefix = L"\\\\?\\";
    auto text = path.native();
    if (text.starts_with(prefix)) return text;
    text = std::filesystem::absolute(path).lexically_normal().make_preferred().native();
    if (text.starts_with(L"\\\\.\\") || text.starts_with(prefix)) return text;
    if (text.starts_with(L"\\\\")) return L"\\\\?\\UNC\\" + text.substr(2);
    return std::wstring(prefix) + text;
}

}  // namespace aml::platform
