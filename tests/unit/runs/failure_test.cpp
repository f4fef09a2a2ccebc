#include "runs/failure.hpp"

#include "support/chinese.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using namespace aml::runs;

namespace {

constexpr auto main_log = "user_logs/std_log.txt";

RunSnapshot ended(const std::string& status, const std::string& message = "") {
    RunSnapshot run;
    run.status = status;
    if (!message.empty()) run.error = azure::RunError{"UserError", message};
    return run;
}

std::string traceback_of(const std::string& exception) {
    return "Traceback (most recent call last):\n"
           "  File \"/wd/train.py\", line 9, in load\n"
           "    read()\n" +
           exception + "\n";
}

Failure failure_with(const std::string& exception) {
    const auto failure = failure_of(ended("Failed"), main_log, traceback_of(exception));
    REQUIRE(failure);
    return *failure;
}

}  // namespace

TEST_CASE("a run that did not fail has no failure") {
    for (const auto* status : {"Running", "Completed", "NotFound", ""}) {
        CHECK_FALSE(failure_of(ended(status), main_log, traceback_of("E: x")));
    }
}

TEST_CASE("a failure is the exception of the log, with where it was raised") {
    const auto failure = failure_with("ValueError: bad\nshape");
    CHECK(failure.title == "ValueError: bad");
    CHECK(failure.text == "shape");
    CHECK(failure.advice.empty());
    CHECK(failure.frames == std::vector{SourceLine{"/wd/train.py", 9, "load", "read()"}});
    CHECK(failure.log == main_log);
}

TEST_CASE("a failure tells where its exception came from") {
    const auto log = traceback_of("KeyError: 'a'") +
                     "\nDuring handling of the above exception, another exception occurred:\n\n" +
                     traceback_of("ValueError: b");
    const auto failure = failure_of(ended("Failed"), main_log, log);
    REQUIRE(failure);
    CHECK(failure->title == "ValueError: b");
    CHECK(failure->text == "It came from KeyError: 'a'");
}

TEST_CASE("without an exception in the log a failure is what Azure says") {
    auto failure = failure_of(ended("Failed", "Execution failed.\nSee the log."), "", "");
    REQUIRE(failure);
    CHECK(failure->title == "Execution failed.");
    CHECK(failure->text == "See the log.");
    CHECK(failure->log.empty());
    failure = failure_of(ended("Failed", "Error: " + traceback_of("KeyError: 1")), "", "");
    CHECK(failure->title == "KeyError: 1");
    failure = failure_of(ended("Failed"), "", "");
    CHECK(failure->title == "The run failed, and Azure ML does not say why.");
}

TEST_CASE("a run that was cancelled says why, if somebody has said") {
    auto run = ended("Canceled");
    // A script that is ended from outside prints what it was at.
    auto failure = failure_of(run, main_log, traceback_of("KeyboardInterrupt"));
    REQUIRE(failure);
    CHECK(failure->title == "The run was cancelled.");
    CHECK(failure->frames.empty());
    run.cancel_reason = "Too expensive";
    CHECK(failure_of(run, main_log, "")->title == "Too expensive");
    run.error = azure::RunError{"JobTimedOut", "It ran longer than its limit."};
    failure = failure_of(run, main_log, "");
    CHECK(failure->title == "It ran longer than its limit.");
    CHECK(failure->advice.find("\"timeout\"") != std::string::npos);
}

TEST_CASE("an exception is followed by what to do about it") {
    struct Case {
        std::string exception;
        std::string advice;
    };

    const Case cases[] = {
        {"torch.OutOfMemoryError: CUDA out of memory. Tried", "The memory of the GPU"},
        {"RuntimeError: CUDA out of memory. Tried to allocate", "The memory of the GPU"},
        {"MemoryError", "The memory of the node"},
        {"RuntimeError: DataLoader worker (pid 7) is killed by signal: Killed.",
         "The memory of the node"},
        {"RuntimeError: unable to write to file: shared memory (shm)", "The shared memory"},
        {"ModuleNotFoundError: No module named 'sklearn.svm'", "Add scikit-learn to"},
        {"ModuleNotFoundError: No module named 'azureml.core'", "Add azureml-core to"},
        {"ModuleNotFoundError: No module named 'lightgbm'", "Add lightgbm to"},
        {"ModuleNotFoundError", "lacks a module"},
        {"ImportError: libGL.so.1: cannot open shared object file", "opencv-python-headless"},
        {"FileNotFoundError: [Errno 2] No such file or directory: 'data/a.csv'",
         "The job has no data/a.csv"},
        {"FileNotFoundError", "${{inputs.NAME}}"},
        {"PermissionError: [Errno 13] Permission denied: '/data'", "the folder outputs"},
        {"OSError: [Errno 28] No space left on device", "The disk of the node is full"},
        {"RuntimeError: Found no NVIDIA driver on your system.", "Choose a compute with GPUs"},
        {"RuntimeError: CUDA error: device-side assert triggered", "CUDA_LAUNCH_BLOCKING"},
        {"azure.core.exceptions.HttpResponseError: x\nErrorCode:AuthorizationPermissionMismatch",
         "Storage Blob Data Reader"},
        {"socket.gaierror: [Errno -2] Name or service not known", "could not reach"},
        {"torch.distributed.elastic.multiprocessing.errors.ChildFailedError: x", "One of several"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.exception);
        const auto failure = failure_with(one.exception);
        CAPTURE(failure.advice);
        CHECK(failure.advice.find(one.advice) != std::string::npos);
    }
}

TEST_CASE("what Azure or a shell says is followed by what to do about it") {
    struct Case {
        std::string message;
        std::string log;
        std::string advice;
    };

    const Case cases[] = {
        {"User process 'python' exited with status code 137.", "", "The memory of the node"},
        {"User process 'python' was ended by signal 9 (SIGKILL).", "", "The memory of the node"},
        {"exited with status code 1.", "step 1\nKilled\n", "The memory of the node"},
        {"Environment image build failed.", "", "The image of the environment could not be built"},
        {"Failed to pull Docker image x.", "", "could not be fetched"},
        {"Not enough quota for the cluster.", "", "The quota of the subscription"},
        {"The node was preempted.", "", "low-priority"},
        {"exited with status code 2.", "usage: train.py", ""},
    };
    for (const auto& one : cases) {
        CAPTURE(one.message);
        const auto failure = failure_of(ended("Failed", one.message), main_log, one.log);
        REQUIRE(failure);
        CHECK(failure->advice.find(one.advice) != std::string::npos);
        CHECK(failure->advice.empty() == one.advice.empty());
    }
}

TEST_CASE("a failure is told in Chinese") {
    const test::Chinese chinese;
    CHECK(failure_of(ended("Canceled"), "", "")->title == "运行已取消。");
    CHECK(failure_with("ModuleNotFoundError: No module named 'cv2'")
              .advice.find("opencv-python-headless 添加到") != std::string::npos);
}

TEST_CASE("what is too long to be shown is cut between characters") {
    std::string message = "E: ";
    for (int count = 0; count < 10'000; ++count) message += "字";
    const auto title = failure_with(message).title;
    CHECK(title.size() < 520);
    CHECK(title.ends_with("字…"));
}
