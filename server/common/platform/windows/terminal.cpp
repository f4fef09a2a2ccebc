#include "platform/terminal.hpp"

#include "platform/environment.hpp"

#include <array>
#include <fcntl.h>
#include <io.h>
#include <windows.h>

namespace aml::platform {
namespace {

HANDLE console_of(std::FILE* file) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the C library gives handles as numbers
    return reinterpret_cast<HANDLE>(::_get_osfhandle(::_fileno(file)));
}

/// The mode before; 0 when it is no console.
unsigned obey_escape_sequences(std::FILE* file) {
    DWORD mode = 0;
    if (::GetConsoleMode(console_of(file), &mode) == 0) return 0;
    ::SetConsoleMode(console_of(file),
                     mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    return mode;
}

void put_back(std::FILE* file, unsigned mode) {
    if (mode != 0) ::SetConsoleMode(console_of(file), mode);
}

}  // namespace

StandardStreams::StandardStreams() {
    for (auto* file : {stdin, stdout, stderr}) ::_setmode(::_fileno(file), _O_BINARY);
    output_mode_ = obey_escape_sequences(stdout);
    error_mode_ = obey_escape_sequences(stderr);
    // Of the console that the streams need not go to; 0 when there is none.
    input_encoding_ = ::GetConsoleCP();
    output_encoding_ = ::GetConsoleOutputCP();
    if (input_encoding_ != 0) ::SetConsoleCP(CP_UTF8);
    if (output_encoding_ != 0) ::SetConsoleOutputCP(CP_UTF8);
}

StandardStreams::~StandardStreams() {
    if (input_encoding_ != 0) ::SetConsoleCP(input_encoding_);
    if (output_encoding_ != 0) ::SetConsoleOutputCP(output_encoding_);
    put_back(stdout, output_mode_);
    put_back(stderr, error_mode_);
}

bool is_terminal(std::FILE* file) {
    DWORD mode = 0;
    return ::GetConsoleMode(console_of(file), &mode) != 0;
}

bool is_drawable(std::FILE* file) {
    DWORD mode = 0;
    return ::GetConsoleMode(console_of(file), &mode) != 0 &&
           (mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0 && variable("TERM") != "dumb";
}

std::size_t terminal_width(std::FILE* file) {
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (::GetConsoleScreenBufferInfo(console_of(file), &info) == 0) return 80;
    return static_cast<std::size_t>(info.srWindow.Right - info.srWindow.Left + 1);
}

}  // namespace aml::platform
