#pragma once

#include <cstddef>
#include <cstdio>

namespace aml::platform {

/// Standard input, output and errors of this process as the rest of it expects them while this
/// lives: bytes pass unchanged, a terminal shows UTF-8 and obeys escape sequences, and a reader
/// that has gone is an error of the write. First thing in `main`; what was changed of the user's
/// terminal is put back.
class StandardStreams final {
public:
    StandardStreams();
    StandardStreams(const StandardStreams&) = delete;
    StandardStreams& operator=(const StandardStreams&) = delete;
    ~StandardStreams();

private:
    // Of the terminal before; 0 where there was nothing to change, as on POSIX.
    [[maybe_unused]] unsigned input_encoding_ = 0;
    [[maybe_unused]] unsigned output_encoding_ = 0;
    [[maybe_unused]] unsigned output_mode_ = 0;
    [[maybe_unused]] unsigned error_mode_ = 0;
};

bool is_terminal(std::FILE* file);

/// Whether it is a terminal that obeys escape sequences.
bool is_drawable(std::FILE* file);

/// In columns; 80 when nobody knows.
std::size_t terminal_width(std::FILE* file);

}  // namespace aml::platform
