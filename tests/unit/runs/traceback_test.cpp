#include "runs/traceback.hpp"

#include "runs/traceback_lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

using namespace aml::runs;

namespace {

Traceback traceback_in(std::string_view log) {
    const auto found = find_traceback(log);
    REQUIRE(found);
    return *found;
}

/// As Python prints it when `train.py` raises what `last` says.
std::string simple_traceback(const std::string& last) {
    return "Traceback (most recent call last):\n"
           "  File \"/wd/train.py\", line 9, in <module>\n"
           "    main()\n"
           "  File \"/wd/src/data.py\", line 4, in load\n"
           "    return open(path)\n" +
           last + "\n";
}

const auto chained = "\nDuring handling of the above exception, another exception occurred:\n\n";
const auto caused = "\nThe above exception was the direct cause of the following exception:\n\n";

}  // namespace

TEST_CASE("a traceback has a type, a message and frames") {
    const auto found = traceback_in("step 1\n" + simple_traceback("ValueError: bad shape: 3"));
    CHECK(found.exception.type == "ValueError");
    CHECK(found.exception.message == "bad shape: 3");
    REQUIRE(found.exception.frames.size() == 2);
    CHECK(found.exception.frames[0] == SourceLine{"/wd/train.py", 9, "", "main()"});
    CHECK(found.exception.frames[1] ==
          SourceLine{"/wd/src/data.py", 4, "load", "return open(path)"});
    CHECK_FALSE(found.cause);
}

TEST_CASE("a log without a traceback has none") {
    CHECK_FALSE(find_traceback(""));
    CHECK_FALSE(find_traceback("loss: 0.5\naccuracy: 0.9\n"));
    CHECK_FALSE(find_traceback("Traceback (most recent call last):\n"));
    // What torch says of the user's code, and a warning, name lines without an exception.
    CHECK_FALSE(
        find_traceback("from user code:\n   File \"/wd/a.py\", line 5, in f\n    g()\n\n"
                       "loss: 0.5\n"));
}

TEST_CASE("exceptions have names of many forms") {
    struct Case {
        std::string line;
        std::string type;
        std::string message;
    };

    const Case cases[] = {
        {"KeyboardInterrupt", "KeyboardInterrupt", ""},
        {"torch.cuda.OutOfMemoryError: CUDA out of memory.",
         "torch.cuda.OutOfMemoryError",
         "CUDA out of memory."},
        {"KeyError: 'a: b'", "KeyError", "'a: b'"},
        {"job.main.<locals>.Refused: no", "job.main.<locals>.Refused", "no"},
        {"模型错误: 形状", "模型错误", "形状"},
        {"AssertionError", "AssertionError", ""},
    };
    for (const auto& one : cases) {
        CAPTURE(one.line);
        const auto exception = traceback_in(simple_traceback(one.line)).exception;
        CHECK(exception.type == one.type);
        CHECK(exception.message == one.message);
    }
}

TEST_CASE("a message has several lines, and notes, and ends where other output begins") {
    const std::string error = "RuntimeError: CUDA error\nFor debugging consider\na note";
    for (const std::string tail : {"",
                                   "\nnothing to do with it\n",
                                   "Cleaning up all outstanding Run operations, waiting 300.0 s\n",
                                   "[2026-11-30 10:00:00] failed (exitcode: 1)\n",
                                   "E1130 10:00:00.000000 7 api.py:8] failed\n",
                                   "wandb: Run history\n",
                                   "\r  0%|   | 0/9 [00:00<?, ?it/s]\n"}) {
        CAPTURE(tail);
        CHECK(traceback_in(simple_traceback(error) + tail).exception.message ==
              "CUDA error\nFor debugging consider\na note");
    }
    std::string endless;
    for (int line = 0; line < 100; ++line) endless += "\nmore";
    const auto message = traceback_in(simple_traceback("E: first" + endless)).exception.message;
    CHECK(std::count(message.begin(), message.end(), '\n') == 30);
}

TEST_CASE("the last traceback counts, whatever was caught before") {
    const auto log = simple_traceback("KeyError: 1") + "\ngoing on\n" +
                     simple_traceback("ValueError: 2") + "\ncleaning up\n";
    const auto found = traceback_in(log);
    CHECK(found.exception.type == "ValueError");
    CHECK_FALSE(found.cause);
}

TEST_CASE("of a chain the last exception counts, and its first cause is told") {
    for (const auto* link : {chained, caused}) {
        const auto log = simple_traceback("KeyError: 1") + link + simple_traceback("TypeError: 2") +
                         link + simple_traceback("ValueError: 3");
        const auto found = traceback_in(log);
        CHECK(found.exception.type == "ValueError");
        REQUIRE(found.cause);
        CHECK(found.cause->type == "KeyError");
        CHECK(found.cause->frames.size() == 2);
    }
}

TEST_CASE("what Python marks, counts or leaves out is no code") {
    const auto found = traceback_in(
        "Traceback (most recent call last):\n"
        "  File \"train.py\", line 1, in f\n"
        "    x = a / b\n"
        "        ~~^~~\n"
        "  File \"<string>\", line 2, in g\n"
        "  File \"train.py\", line 3, in h\n"
        "    h()\n"
        "  [Previous line repeated 996 more times]\n"
        "RecursionError: maximum recursion depth exceeded\n");
    const auto& frames = found.exception.frames;
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].code == "x = a / b");
    CHECK(frames[1] == SourceLine{"<string>", 2, "g", ""});
    CHECK(frames[2].code == "h()");
}

TEST_CASE("a file that Python cannot read is an exception without a function") {
    const auto found = traceback_in(
        "  File \"/wd/train.py\", line 3\n"
        "    def f(:\n"
        "          ^\n"
        "SyntaxError: invalid syntax\n");
    CHECK(found.exception.type == "SyntaxError");
    REQUIRE(found.exception.frames.size() == 1);
    CHECK(found.exception.frames[0] == SourceLine{"/wd/train.py", 3, "", "def f(:"});
}

TEST_CASE("line ends, escapes, progress bars and names of processes are no part of it") {
    for (const std::string process :
         {"", "[rank0]: ", "[default3]:", "[1,0]<stderr>:", "(train_fn pid=7, ip=10.0.0.4) "}) {
        CAPTURE(process);
        const auto log = process + "  0%|  | 0/9 [00:00<?]Traceback (most recent call last):\r\n" +
                         process + "  File \x1B[35m\"/wd/a.py\"\x1B[0m, line \x1B[35m7\x1B[0m\r\n" +
                         process + "    \x1B[1;31mf()\x1B[0m\r\n" + process +
                         "\x1B[1;35mValueError\x1B[0m: \x1B[35mno\x1B[0m\r\n";
        const auto found = traceback_in(log);
        CHECK(found.exception.type == "ValueError");
        CHECK(found.exception.message == "no");
        REQUIRE(found.exception.frames.size() == 1);
        CHECK(found.exception.frames[0] == SourceLine{"/wd/a.py", 7, "", "f()"});
    }
    CHECK(shown_line("10%\r20%\r30%\r") == "30%");
    CHECK(shown_line("\x1B]8;;file:///x\x1B\\link\x1B]0;title\a!\x1B[2K") == "link!");
    CHECK(shown_line("cut \x1B[3") == "cut ");
    CHECK(shown_line("\x1B(B\x1B[mplain\x1B"
                     "7!") == "plain!");
}

TEST_CASE("a log may begin or end within a traceback") {
    const auto whole = simple_traceback("ValueError: x");
    const auto begun = traceback_in(whole.substr(whole.find("  File \"/wd/src")));
    CHECK(begun.exception.type == "ValueError");
    CHECK(begun.exception.frames.size() == 1);
    const auto ended = traceback_in(whole.substr(0, whole.find("    return")));
    CHECK(ended.exception.type.empty());
    CHECK(ended.exception.frames.size() == 2);
    // The end of a log can be anywhere.
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        find_traceback(std::string_view(whole).substr(0, size));
        find_traceback(std::string_view(whole).substr(size));
    }
}

TEST_CASE("other output among the frames is passed over, until there is too much of it") {
    const std::string header = "Traceback (most recent call last):\n  File \"a.py\", line 1\n";
    const std::string other = "Epoch 3 of 9\n";
    CHECK(traceback_in(header + other + "ValueError: x\n").exception.type == "ValueError");
    std::string much;
    for (int line = 0; line < 30; ++line) much += other;
    CHECK_FALSE(find_traceback(header + much + "ValueError: x\n"));
}

TEST_CASE("an exception that is passed on is taken for what it was") {
    const auto inner = simple_traceback("KeyError: 'label'");
    const std::string outer =
        "Traceback (most recent call last):\n  File \"/wd/train.py\", line 2, in <module>\n";
    const std::string logs[] = {
        // torch.utils.data
        outer + "KeyError: Caught KeyError in DataLoader worker process 0.\nOriginal " + inner,
        // torch.multiprocessing
        outer +
            "torch.multiprocessing.spawn.ProcessRaisedException: \n\n"
            "-- Process 0 terminated with the following error:\n" +
            inner,
        // multiprocessing
        "multiprocessing.pool.RemoteTraceback: \n\"\"\"\n" + inner + "\"\"\"\n" + caused + outer +
            "KeyError: 'label'\n",
    };
    for (const auto& log : logs) {
        CAPTURE(log);
        const auto found = traceback_in(log);
        CHECK(found.exception.type == "KeyError");
        CHECK(found.exception.message == "'label'");
        REQUIRE(found.exception.frames.size() == 2);
        CHECK(found.exception.frames.back().path == "/wd/src/data.py");
    }
}

TEST_CASE("of an exception group the first exception counts") {
    const auto found = traceback_in(
        "  + Exception Group Traceback (most recent call last):\n"
        "  |   File \"/wd/train.py\", line 3, in <module>\n"
        "  |     raise ExceptionGroup(\"many\", errors)\n"
        "  | ExceptionGroup: many (2 sub-exceptions)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Traceback (most recent call last):\n"
        "    |   File \"/wd/a.py\", line 4, in one\n"
        "    |     fail()\n"
        "    | ValueError: first\n"
        "    +---------------- 2 ----------------\n"
        "    | Traceback (most recent call last):\n"
        "    |   File \"/wd/b.py\", line 5, in two\n"
        "    | TypeError: second\n"
        "    +------------------------------------\n");
    CHECK(found.exception.type == "ValueError");
    CHECK(found.exception.message == "first");
    REQUIRE(found.exception.frames.size() == 1);
    CHECK(found.exception.frames[0] == SourceLine{"/wd/a.py", 4, "one", "fail()"});
}

TEST_CASE("what is raised while an exception group is handled counts before it") {
    const auto found = traceback_in(
        "  | ExceptionGroup:  (2 sub-exceptions)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | Exception Group Traceback (most recent call last):\n"
        "    |   File \"/wd/a.py\", line 4, in <module>\n"
        "    | ExceptionGroup: many (1 sub-exception)\n"
        "    +-+---------------- 1 ----------------\n"
        "      | ValueError: one\n"
        "      +------------------------------------\n"
        "    | \n"
        "    | During handling of the above exception, another exception occurred:\n"
        "    | \n"
        "    | Traceback (most recent call last):\n"
        "    |   File \"/wd/a.py\", line 6, in <module>\n"
        "    | RuntimeError: third\n"
        "    +---------------- 2 ----------------\n"
        "    | Exception Group Traceback (most recent call last):\n"
        "    |   File \"/wd/a.py\", line 4, in <module>\n"
        "    | ExceptionGroup: many (1 sub-exception)\n"
        "    +-+---------------- 1 ----------------\n"
        "      | TypeError: two\n"
        "      +------------------------------------\n");
    CHECK(found.exception.type == "RuntimeError");
    REQUIRE(found.cause);
    CHECK(found.cause->type == "ExceptionGroup");
}

TEST_CASE("of several processes the first counts that is no consequence of another") {
    const auto launcher =
        "[2026-11-30 10:00:00,000] torch.distributed: failed (exitcode: 1) local_rank: 1\n" +
        simple_traceback(
            "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n"
            "======\ntrain.py FAILED\n======");
    SUBCASE("in a log that names them, line by line between each other") {
        const std::string log =
            "[rank0]: Traceback (most recent call last):\n"
            "[rank1]: Traceback (most recent call last):\n"
            "[rank0]:   File \"/wd/a.py\", line 1, in f\n"
            "[rank1]:   File \"/wd/b.py\", line 2, in g\n"
            "[rank0]: torch.distributed.DistBackendError: NCCL error\n"
            "[rank1]: ValueError: bad batch\n" +
            launcher;
        const auto found = traceback_in(log);
        CHECK(found.exception.type == "ValueError");
        CHECK(found.exception.frames.back().path == "/wd/b.py");
    }
    SUBCASE("in one that does not") {
        const auto log = simple_traceback("ValueError: bad batch") + "\n" +
                         simple_traceback("RuntimeError: Connection closed by peer") + "\n" +
                         launcher;
        CHECK(traceback_in(log).exception.type == "ValueError");
    }
    SUBCASE("but not one that was caught long before") {
        auto log = simple_traceback("ValueError: caught") + "\n";
        for (int line = 0; line < 1000; ++line) log += "step\n";
        CHECK(traceback_in(log + launcher).exception.type ==
              "torch.distributed.elastic.multiprocessing.errors.ChildFailedError");
    }
}

TEST_CASE("any bytes are a log") {
    const std::string parts[] = {"Traceback (most recent call last):",
                                 "\n",
                                 "\r",
                                 "  File \"",
                                 "\", line ",
                                 "7",
                                 ", in ",
                                 "f",
                                 "\x1B[",
                                 "\x1B]",
                                 "m",
                                 "  | ",
                                 "  + Exception Group ",
                                 "+---- 1 ----",
                                 "[rank",
                                 "]: ",
                                 "\"\"\"",
                                 "RemoteTraceback: ",
                                 "Original ",
                                 "ValueError",
                                 ": ",
                                 chained,
                                 "(pid=",
                                 ") ",
                                 "[1,2]<stderr>:",
                                 "<locals>",
                                 ".",
                                 "-- Process "};
    std::mt19937 random(7);
    for (int round = 0; round < 2000; ++round) {
        std::string log;
        for (int part = 0; part < 60; ++part) {
            const auto choice = random() % (std::size(parts) + 4);
            if (choice < std::size(parts)) {
                log += parts[choice];
            } else {
                log += static_cast<char>(random());
            }
        }
        find_traceback(log);
    }
}

TEST_CASE("a long log takes time in proportion") {
    constexpr std::size_t size = 1U << 20U;
    for (const std::string line : {"Traceback (most recent call last):\n",
                                   "  File \"a\", line 1\n",
                                   "[rank1]: E: x\n",
                                   "x",
                                   "\x1B]",
                                   "(pid=1",
                                   "[",
                                   "\r"}) {
        std::string log;
        while (log.size() < size) log += line;
        find_traceback(log);
    }
}
