#pragma once

#include "platform/stream.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

namespace aml::test {

/// A pipe whose ends are closed at the end of the test, or before.
class Pipe final {
public:
    Pipe()
        : ends_(platform::make_pipe()) {}

    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    ~Pipe() {
        close_reader();
        close_writer();
    }

    int reader() const { return ends_.read; }

    int writer() const { return ends_.write; }

    void write(std::string_view bytes) const { platform::OutputStream(ends_.write).write(bytes); }

    /// Waits for all of `size` bytes.
    std::string read(std::size_t size) const {
        platform::InputStream input(ends_.read);
        std::string text(size, '\0');
        for (std::size_t done = 0; done < size;) {
            const auto count = input.read(text.data() + done, size - done);
            if (count.value_or(0) == 0) throw std::runtime_error("the pipe has ended");
            done += *count;
        }
        return text;
    }

    void close_reader() { close(ends_.read); }

    void close_writer() { close(ends_.write); }

private:
    static void close(int& end) {
        if (end >= 0) ::close(end);
        end = -1;
    }

    platform::PipeEnds ends_;
};

}  // namespace aml::test
