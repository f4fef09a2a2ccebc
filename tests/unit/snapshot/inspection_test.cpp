#include "snapshot/inspection.hpp"

#include "snapshot/wide_folder.hpp"
#include "support/error_of.hpp"
#include "support/files.hpp"
#include "support/temporary_directory.hpp"
#include "support/variables.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace aml;
using snapshot::Concern;
using snapshot::Contents;
using test::TemporaryDirectory;

namespace {

std::vector<snapshot::Finding> findings(const TemporaryDirectory& directory,
                                        Contents contents = Contents::Code) {
    return snapshot::inspect(snapshot::list_files(directory.path(), {}), contents, {});
}

/// The concern about a file of this name and text; absent when there is none.
std::optional<Concern> concern(const std::string& name,
                               const std::string& text = "x",
                               Contents contents = Contents::Code) {
    const TemporaryDirectory directory;
    directory.write(name, text);
    const auto found = findings(directory, contents);
    REQUIRE(found.size() <= 1);
    return found.empty() ? std::nullopt : std::optional(found.front().concern);
}

const std::string way_out = " Put what the run needs into a folder of its own, and name that one.";

std::string refusal(const std::filesystem::path& folder) {
    return test::error_of([&] { snapshot::refuse_wide_folder(folder); }).message();
}

}  // namespace

TEST_CASE("keys, credentials and histories are known by their names") {
    for (const auto* name : {"id_rsa", "deploy/id_ed25519", "server.pfx", ".gnupg/pubring.kbx"})
        CHECK(concern(name) == Concern::PrivateKey);
    for (const auto* name : {".netrc",
                             ".aws/config",
                             ".azure/msal_token_cache.json",
                             ".docker/config.json",
                             "home/.kube/config",
                             "Credentials.json",
                             ".git-credentials",
                             "kaggle.json"})
        CHECK(concern(name) == Concern::Credentials);
    for (const auto* name : {".env", ".env.local", "prod.env", "sub/.envrc"})
        CHECK(concern(name) == Concern::SecretSettings);
    CHECK(concern(".bash_history") == Concern::History);
}

TEST_CASE("keys and tokens are known by their first lines, whatever the name") {
    CHECK(concern("deploy", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n") == Concern::PrivateKey);
    CHECK(concern("x.pem", "-----BEGIN CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n") ==
          Concern::PrivateKey);
    CHECK(concern("gcp.json", R"({"type": "service_account", "private_key": "x"})") ==
          Concern::Credentials);
    CHECK(concern(".npmrc", "//registry/:_authToken=abc\n") == Concern::Credentials);
    CHECK(concern("conf.ini", "conn=DefaultEndpointsProtocol=https;AccountKey=abc\n") ==
          Concern::Credentials);
}

TEST_CASE("what an ordinary project has is no concern") {
    for (const auto* name : {"train.py",
                             "config.json",
                             ".azureml/config.json",
                             ".env.example",
                             ".docker/Dockerfile",
                             "tokenizer.json",
                             "environment.yml",
                             "keys.py"})
        CHECK(concern(name) == std::nullopt);
    CHECK(concern("ca.pem", "-----BEGIN CERTIFICATE-----\n") == std::nullopt);
    CHECK(concern("id_rsa.pub", "ssh-rsa AAAA\n") == std::nullopt);
    CHECK(concern("crypto.py", "BEGIN = '-----BEGIN PRIVATE KEY-----'\n") == std::nullopt);
    CHECK(concern(".npmrc", "save-exact=true\n") == std::nullopt);
}

TEST_CASE("a notebook is a concern for its outputs, in code only") {
    const std::string with_outputs = R"({"cells":[{"outputs":[{"output_type":"stream"}]}]})";
    CHECK(concern("a.ipynb", with_outputs) == Concern::NotebookOutputs);
    CHECK(concern("a.ipynb", with_outputs, Contents::Data) == std::nullopt);
    CHECK(concern("a.ipynb", R"({"cells":[{"outputs":[]}]})") == std::nullopt);
}

TEST_CASE("a folder of secrets is one finding, with all that is in it") {
    const TemporaryDirectory directory;
    directory.write("home/.ssh/id_rsa", "123");
    directory.write("home/.ssh/keys/other", "4567");
    directory.write("home/.netrc", "12");
    CHECK(findings(directory) ==
          std::vector<snapshot::Finding>{{Concern::PrivateKey, "home/.ssh/", 2, 7},
                                         {Concern::Credentials, "home/.netrc", 1, 2}});
}

TEST_CASE("large data is named where it lies, in code only") {
    const TemporaryDirectory directory;
    directory.write("train.py", "x");
    for (const auto* name : {"data/raw/a.bin", "data/raw/b.bin", "weights.bin"})
        std::filesystem::resize_file(directory.write(name, ""), 200'000'000);
    std::filesystem::resize_file(directory.path() / "weights.bin", 300'000'000);
    CHECK(findings(directory) ==
          std::vector<snapshot::Finding>{{Concern::LargeData, "data/raw/", 2, 400'000'000},
                                         {Concern::LargeData, "weights.bin", 1, 300'000'000}});
    CHECK(findings(directory, Contents::Data).empty());
}

TEST_CASE("what a rule of an ignore file keeps is meant to go") {
    const TemporaryDirectory directory;
    directory.write(".env", "x");
    directory.write(".ssh/known_hosts", "x");
    directory.write("id_rsa", "x");
    directory.write(".amlignore", "!.env\n!.ssh/\n");
    CHECK(findings(directory) ==
          std::vector<snapshot::Finding>{{Concern::PrivateKey, "id_rsa", 1, 1}});
}

TEST_CASE("files and folders are taken out of a listing") {
    const TemporaryDirectory directory;
    for (const auto* name : {"a", "ab", "b/c", "b/d/e"}) directory.write(name, "x");
    const auto rest =
        snapshot::without(snapshot::list_files(directory.path(), {}), {"a", "b/d/", "c"});
    REQUIRE(rest.files.size() == 2);
    CHECK(rest.files[0].path == "ab");
    CHECK(rest.files[1].path == "b/c");
    CHECK(rest.bytes == 2);
}

TEST_CASE("environments, installed packages and caches stay here, with their size and a way out") {
    const TemporaryDirectory directory;
    directory.write("train.py", "x");
    directory.write(".venv/pyvenv.cfg", "");
    directory.write(".venv/lib/big", std::string(3000, 'x'));
    if (test::can_link())
        std::filesystem::create_symlink("nowhere", directory.path() / ".venv/dangling");
    directory.write("my env/conda-meta/history", "");
    directory.write("web/node_modules/x/index.js", "12");
    directory.write("lib/__pycache__/x.pyc", "1");
    auto listing = snapshot::list_files(directory.path(), {});
    REQUIRE(listing.files.size() == 1);
    CHECK(listing.files.front().path == "train.py");
    CHECK(listing.notes ==
          std::vector<std::string>{
              "Left out, since it is made anew where it is needed: .venv (3.0 KB), "
              "web/node_modules (2 B), lib/__pycache__ (1 B), my env (0 B). To send it all the "
              "same, write “!.venv/” in .gitignore."});
    std::filesystem::remove(directory.path() / ".venv/dangling");
    directory.write(".gitignore", "!.venv/\n");
    listing = snapshot::list_files(directory.path(), {});
    CHECK(listing.files.size() == 4);
}

TEST_CASE("the home folder and what holds it are refused with the way out") {
    const TemporaryDirectory directory;
    directory.write("people/me/project/train.py", "x");
    const auto home = (std::filesystem::canonical(directory.path()) / "people/me").make_preferred();
    const test::Variables mine{{test::home_variable, home.string()}};
    CHECK(refusal(home) == home.string() +
                               " is your home folder, and all of it would go to Azure, keys and "
                               "passwords included." +
                               way_out);
    CHECK(refusal(home.parent_path()).starts_with("Your home folder is in "));
    CHECK(refusal(home / "project") == "no error");
    CHECK(test::error_of([&] { snapshot::list_files(home, {}); }).kind() == ErrorKind::Rejected);
    if (!test::can_link()) return;
    std::filesystem::create_directory_symlink(home, directory.path() / "link");
    CHECK(refusal(directory.path() / "link/").find("is your home folder") != std::string::npos);
}

TEST_CASE("a root and a drive are refused with the way out") {
    const auto root = std::filesystem::current_path().root_path();
    const bool has_drives = !root.root_name().empty();
    CHECK(refusal(root) ==
          root.string() +
              (has_drives ? " is a whole drive, and all of it would go to Azure."
                          : " is the whole file system, and all of it would go to Azure.") +
              way_out);
    if (has_drives) return;
    CHECK(refusal("/mnt/c") ==
          "/mnt/c is a whole drive, and all of it would go to Azure." + way_out);
    CHECK(refusal("/mnt/data") == "no error");
}
