#include "submit/git_properties.hpp"

#include "submit/job_name.hpp"
#include "support/command.hpp"
#include "support/seeded_random.hpp"
#include "support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <set>

using namespace aml;
using test::TemporaryDirectory;

namespace {

using Properties = std::map<std::string, std::string>;

const std::string commit(40, 'c');

std::string url_of(const std::string& configured) {
    const TemporaryDirectory directory;
    directory.write(".git/HEAD", commit + "\n");
    directory.write(".git/config", "[remote \"origin\"]\n  url = " + configured + "\n");
    return submit::git_properties(directory.path())["mlflow.source.git.repoURL"];
}

}  // namespace

TEST_CASE("code outside a repository has no git properties") {
    const TemporaryDirectory directory;
    CHECK(submit::git_properties(directory.path() / "missing").empty());
}

TEST_CASE("a repository above the folder is found, with loose and packed references") {
    const TemporaryDirectory directory;
    directory.write(".git/HEAD", "ref: refs/heads/feature/x\n");
    directory.write(".git/packed-refs", "# pack-refs\n" + commit + " refs/heads/feature/x\n");
    directory.write("src/deep/train.py", "");
    CHECK(submit::git_properties(directory.path() / "src/deep") ==
          Properties{{"mlflow.source.git.branch", "feature/x"},
                     {"mlflow.source.git.commit", commit}});
    directory.write(".git/refs/heads/feature/x", std::string(40, 'd') + "\n");
    CHECK(submit::git_properties(directory.path())["mlflow.source.git.commit"] ==
          std::string(40, 'd'));
}

TEST_CASE("a detached head has a commit and no branch; an unborn branch has no commit") {
    const TemporaryDirectory directory;
    directory.write(".git/HEAD", commit + "\n");
    CHECK(submit::git_properties(directory.path()) ==
          Properties{{"mlflow.source.git.commit", commit}});
    directory.write(".git/HEAD", "ref: refs/heads/main\n");
    CHECK(submit::git_properties(directory.path()) ==
          Properties{{"mlflow.source.git.branch", "main"}});
}

TEST_CASE("no credentials leave in an address") {
    CHECK(url_of("https://github.com/me/x.git") == "https://github.com/me/x.git");
    CHECK(url_of("https://me:t@ken@github.com/me/x.git") == "https://github.com/me/x.git");
    CHECK(url_of("https://token@dev.azure.com/o/p@q") == "https://dev.azure.com/o/p@q");
    CHECK(url_of("git@github.com:me/x.git") == "git@github.com:me/x.git");
    CHECK(url_of("ssh://git@github.com/me/x.git") == "ssh://git@github.com/me/x.git");
}

TEST_CASE("a folder is said to differ from what was committed, or not") {
    if (!test::has_program("git")) {
        MESSAGE("git is not installed: nothing to ask");
        return;
    }
    const TemporaryDirectory directory;
    test::shell("cd '" + directory.path().string() +
                "' && git init -q -b main && mkdir src && echo 1 > src/a && git add . && "
                "git -c user.name=a -c user.email=a@b commit -q -m one");
    const auto dirty = [&] {
        return submit::git_properties(directory.path() / "src")["azureml.git.dirty"];
    };
    CHECK(dirty() == "False");
    directory.write("elsewhere", "not sent along");
    CHECK(dirty() == "False");
    directory.write("src/b", "new");
    CHECK(dirty() == "True");
}

TEST_CASE("a linked work tree of a real repository is understood") {
    if (!test::has_program("git")) {
        MESSAGE("git is not installed: nothing to compare with");
        return;
    }
    const TemporaryDirectory directory;
    const auto root = directory.path().string();
    test::shell("cd '" + root +
                "' && git init -q -b main repo && cd repo && git remote add origin "
                "https://x.org/r.git && " +
                "git -c user.name=a -c user.email=a@b commit -q --allow-empty -m one && " +
                "git worktree add -q -b side ../tree 2>/dev/null");
    const auto head = test::shell("git -C '" + root + "/tree' rev-parse HEAD").output.substr(0, 40);
    CHECK(submit::git_properties(directory.path() / "tree") ==
          Properties{{"azureml.git.dirty", "False"},
                     {"mlflow.source.git.branch", "side"},
                     {"mlflow.source.git.commit", head},
                     {"mlflow.source.git.repoURL", "https://x.org/r.git"}});
}

TEST_CASE("job names have the SDK's form and differ") {
    test::SeededRandom random;
    std::set<std::string> names;
    for (int i = 0; i < 200; ++i) {
        const auto name = submit::new_job_name(random);
        CHECK(std::regex_match(name, std::regex("[a-z]+_[a-z]+_[0-9a-z]{10}")));
        names.insert(name);
    }
    CHECK(names.size() == 200);
}
