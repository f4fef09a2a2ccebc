#pragma once

#include "support/error.hpp"

#include <utility>

namespace aml::test {

/// What `action` throws. A check of its kind or message fails where it throws nothing: that is an
/// InternalError "no error".
template <typename Action>
Error error_of(Action&& action) {
    try {
        std::forward<Action>(action)();
    } catch (const Error& error) {
        return error;
    }
    return {ErrorKind::InternalError, "no error"};
}

}  // namespace aml::test
