#include "http/gzip.hpp"

#include "unit/http/gzip_of.hpp"

#include <doctest/doctest.h>

using namespace aml;
using http::GunzipProblem;

namespace {

using Result = std::variant<std::string, GunzipProblem>;

constexpr std::size_t limit = 5'000'000;

std::string large_text() {
    std::string text;
    for (int line = 0; line < 100'000; ++line) text += "line " + std::to_string(line) + '\n';
    return text;
}

}  // namespace

TEST_CASE("what gzip has made comes back, whatever its size") {
    const auto large = large_text();
    // Shrinks to a thousandth, so that room has to be made for it again and again.
    const std::string dull(4'000'000, 'x');
    for (const auto& text : {std::string(), std::string("a"), large, dull})
        CHECK((http::gunzip(test::gzip(text), limit) == Result(text)));
}

TEST_CASE("what is cut off, damaged, or no gzip at all is broken") {
    const auto packed = test::gzip(large_text());
    for (const std::size_t length : {std::size_t{1}, std::size_t{10}, packed.size() - 1}) {
        const auto result = http::gunzip(packed.substr(0, length), limit);
        CHECK((result == Result(GunzipProblem::Broken)));
    }
    auto damaged = packed;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    CHECK((http::gunzip(damaged, limit) == Result(GunzipProblem::Broken)));
    CHECK((http::gunzip("{\"value\": []}", limit) == Result(GunzipProblem::Broken)));
    CHECK((http::gunzip(packed + "more", limit) == Result(GunzipProblem::Broken)));
    CHECK((http::gunzip("", limit) == Result(GunzipProblem::Broken)));
}

TEST_CASE("no more is unpacked than was allowed") {
    const std::string text(1'000'000, 'x');
    const auto packed = test::gzip(text);
    CHECK((http::gunzip(packed, text.size()) == Result(text)));
    CHECK((http::gunzip(packed, text.size() - 1) == Result(GunzipProblem::TooLarge)));
    CHECK((http::gunzip(packed, 0) == Result(GunzipProblem::TooLarge)));
}
