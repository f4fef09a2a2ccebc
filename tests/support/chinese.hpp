#pragma once

#include "support/localize.hpp"

namespace aml::test {

/// Texts are in Simplified Chinese while this lives.
class Chinese final {
public:
    Chinese() { use_language(Language::SimplifiedChinese); }

    Chinese(const Chinese&) = delete;
    Chinese& operator=(const Chinese&) = delete;

    ~Chinese() { use_language(Language::English); }
};

}  // namespace aml::test
