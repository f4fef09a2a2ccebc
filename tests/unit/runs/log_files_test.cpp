#include "runs/log_files.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml;
using namespace aml::runs;

TEST_CASE("the primary log is what the script printed") {
    using Paths = std::vector<std::string>;

    struct Case {
        Paths paths;
        std::string primary;
    };

    const std::vector<Case> cases{
        {{}, ""},
        {{"system_logs/lifecycler/lifecycler.log"}, ""},
        {{"azureml-logs/65_job_prep-x.txt", "azureml-logs/20_image_build_log.txt"},
         "azureml-logs/20_image_build_log.txt"},
        {{"azureml-logs/20_image_build_log.txt", "azureml-logs/70_driver_log.txt"},
         "azureml-logs/70_driver_log.txt"},
        {{"azureml-logs/70_driver_log.txt", "user_logs/std_log.txt"}, "user_logs/std_log.txt"},
        {{"user_logs/std_log_process_10.txt", "user_logs/std_log_process_00.txt"},
         "user_logs/std_log_process_00.txt"},
        {{"user_logs/std_log_0_ps.txt", "user_logs/std_log_1.txt"}, "user_logs/std_log_0_ps.txt"},
        {{"user_logs/std_log_node_01_rank_3.txt", "user_logs/std_log_node_00_rank_0.txt"},
         "user_logs/std_log_node_00_rank_0.txt"},
        {{"user_logs/std_log_node_02_worker_1.txt", "user_logs/std_log_node_01_worker_2.txt"},
         "user_logs/std_log_node_01_worker_2.txt"},
        {{"logs/azureml/stderrlogs.txt", "logs/azureml/executionlogs.txt"},
         "logs/azureml/executionlogs.txt"},
    };
    for (const auto& example : cases) {
        CAPTURE(example.primary);
        CHECK(primary_log(example.paths) == example.primary);
    }
    CHECK(is_script_output("user_logs/std_log.txt"));
    CHECK_FALSE(is_script_output("azureml-logs/20_image_build_log.txt"));
    CHECK_FALSE(is_script_output(""));
}

TEST_CASE("logs are shown from the script's output to the system's") {
    CHECK(ordered_logs({"system_logs/a.log",
                        "user_logs/std_log_process_01.txt",
                        "logs/x.txt",
                        "azureml-logs/20_image_build_log.txt",
                        "user_logs/std_log_process_00.txt",
                        "user_logs/a.txt"}) ==
          std::vector<std::string>{"user_logs/std_log_process_00.txt",
                                   "user_logs/a.txt",
                                   "user_logs/std_log_process_01.txt",
                                   "azureml-logs/20_image_build_log.txt",
                                   "logs/x.txt",
                                   "system_logs/a.log"});
}

TEST_CASE("text cut anywhere is put together again without loss") {
    const std::string text = "a é € 😀\r\nz";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const auto first = decode_utf8(std::string_view(text).substr(0, cut), MoreBytes::Expected);
        CHECK(first.consumed <= cut);
        CHECK(cut - first.consumed < 4);
        const auto second =
            decode_utf8(std::string_view(text).substr(first.consumed), MoreBytes::None);
        CHECK(first.text + second.text == text);
    }
}

TEST_CASE("malformed bytes become replacement characters and end nothing") {
    const std::string bad = "\xEF\xBF\xBD";
    CHECK(decode_utf8("a\xFF"
                      "b",
                      MoreBytes::Expected)
              .text == "a" + bad + "b");
    CHECK(decode_utf8("\xC3(", MoreBytes::Expected).text == bad + "(");
    CHECK(decode_utf8("\xE2\x82", MoreBytes::Expected).consumed == 0);
    CHECK(decode_utf8("\xE2\x82", MoreBytes::None).text == bad);
    CHECK(decode_utf8("\xED\xA0\x80", MoreBytes::None).text == bad + bad + bad);
    CHECK(decode_utf8("\xC0\xAF", MoreBytes::None).text == bad + bad);
}
