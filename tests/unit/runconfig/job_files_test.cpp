#include "runconfig/run_configuration.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

using namespace aml::runconfig;

TEST_CASE("job files with what those of others have are told nothing") {
    std::ifstream file(AML_SOURCE_DIR "/tests/fixtures/azure/job_files.yml");
    std::stringstream all;
    all << file.rdbuf();
    const auto text = all.str();
    constexpr std::string_view divider = "---\n";
    std::size_t count = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        auto end = text.find("\n" + std::string(divider), begin);
        end = end == std::string::npos ? text.size() : end + 1;
        const auto job = text.substr(begin, end - begin);
        begin = end + divider.size();
        ++count;
        CAPTURE(job);
        const auto analysis = analyse(job, Syntax::Yaml);
        for (const auto& found : analysis.diagnostics) FAIL_CHECK(format("job.yml", found));
        CHECK(analysis.job);
        CHECK(may_be_run_configuration(job, Syntax::Yaml));
    }
    CHECK(count >= 60);
}
