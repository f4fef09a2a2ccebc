#pragma once

#include "platform/process.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aml::test {

/// What a test has done by a process of its own, which it may kill: this test program again, told
/// the name of the work. Defined at namespace scope.
class ChildWork final {
public:
    using Arguments = std::vector<std::string>;
    /// Returns the exit code.
    using Work = std::function<int(const Arguments&)>;

    ChildWork(std::string name, Work work);

    /// The program and its arguments.
    Arguments command(const Arguments& arguments) const;

    /// Does the work that the command line of this program names; absent when it names none.
    static std::optional<int> run(const Arguments& command_line);

private:
    std::string name_;
};

/// A process that does some work. The destructor kills it, unless `wait` has returned.
class Child final {
public:
    Child(const ChildWork& work, const ChildWork::Arguments& arguments);

    /// Returns once it has printed so many bytes in all; false if it ends before.
    [[nodiscard]] bool has_printed(std::size_t count);

    /// Its exit code, once it has ended.
    int wait() { return process_.wait(); }

private:
    platform::Process process_;
    std::size_t printed_ = 0;
};

/// For the work itself: prints a byte that is seen at once.
void print_mark();

}  // namespace aml::test
