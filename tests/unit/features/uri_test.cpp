#include "features/uri.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using features::path_of_uri;
using features::uri_of_path;

namespace {

std::string refusal(const char* uri) {
    const auto error = test::error_of([&] { path_of_uri(uri); });
    CHECK(error.kind() == ErrorKind::Rejected);
    return error.message();
}

}  // namespace

TEST_CASE("file URIs and paths are the same thing in two spellings") {
    CHECK(path_of_uri("file:///home/a/my%20project/tr%C3%A4in.py") ==
          "/home/a/my project/träin.py");
    CHECK(uri_of_path("/home/a/my project/träin.py") ==
          "file:///home/a/my%20project/tr%C3%A4in.py");
    CHECK(path_of_uri("file://localhost/x/../y%25.py") == "/y%.py");
    CHECK(path_of_uri(uri_of_path("/a+b/c#d?e%f")) == "/a+b/c#d?e%f");
    CHECK(path_of_uri("file:///bad%zzescape") == "/bad%zzescape");
}

TEST_CASE("documents that are no files are refused with what to do") {
    CHECK(refusal("untitled:Untitled-1").find("Save it to a file first") != std::string::npos);
    CHECK(refusal("vscode-vfs://github/a/b.py").find("Save a copy") != std::string::npos);
    const auto elsewhere = test::error_of(
        [] { features::path_text_of_uri("file://server/share/x.py", features::PathStyle::Posix); });
    CHECK(elsewhere.kind() == ErrorKind::Rejected);
    CHECK(elsewhere.message().find("another machine") != std::string::npos);
}

TEST_CASE("on Windows a URI has a drive, written as VS Code does, or a server") {
    const auto path = [](const char* text) {
        return features::path_text_of_uri(text, features::PathStyle::Windows);
    };
    const auto uri = [](const char* text) {
        return features::uri_of_path_text(text, features::PathStyle::Windows);
    };
    CHECK(path("file:///c%3A/Users/a%20b/tr%C3%A4in.py") == "C:\\Users\\a b\\träin.py");
    CHECK(path("file:///C:/x.py") == "C:\\x.py");
    CHECK(path("file://localhost/d:/x.py") == "D:\\x.py");
    CHECK(path("file://server/share/x%23y.py") == "\\\\server\\share\\x#y.py");
    CHECK(uri("C:\\Users\\a b\\träin.py") == "file:///c%3A/Users/a%20b/tr%C3%A4in.py");
    CHECK(uri("d:/x.py") == "file:///d%3A/x.py");
    CHECK(uri("\\\\server\\share\\x#y.py") == "file://server/share/x%23y.py");
}
