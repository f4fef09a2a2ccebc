#include "support/child.hpp"

#include <cstdio>
#include <filesystem>
#include <map>
#include <utility>

namespace aml::test {
namespace {

constexpr auto option = "--child";

std::map<std::string, ChildWork::Work>& all_work() {
    static std::map<std::string, ChildWork::Work> all;
    return all;
}

std::string& this_program() {
    static std::string path;
    return path;
}

}  // namespace

ChildWork::ChildWork(std::string name, Work work)
    : name_(std::move(name)) {
    all_work().emplace(name_, std::move(work));
}

ChildWork::Arguments ChildWork::command(const Arguments& arguments) const {
    Arguments all{this_program(), option, name_};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

std::optional<int> ChildWork::run(const Arguments& command_line) {
    this_program() = std::filesystem::absolute(command_line.front()).string();
    if (command_line.size() < 3 || command_line[1] != option) return std::nullopt;
    return all_work().at(command_line[2])({command_line.begin() + 3, command_line.end()});
}

Child::Child(const ChildWork& work, const ChildWork::Arguments& arguments)
    : process_({.arguments = work.command(arguments),
                .directory = std::filesystem::current_path(),
                .environment = platform::variables()}) {}

bool Child::has_printed(std::size_t count) {
    bool ended = false;
    while (printed_ < count && !ended) {
        const auto printed = process_.read(std::chrono::minutes(1));
        printed_ += printed.output.size();
        ended = printed.ended;
    }
    return printed_ >= count;
}

void print_mark() {
    std::fputc('.', stdout);
    std::fflush(stdout);
}

}  // namespace aml::test
