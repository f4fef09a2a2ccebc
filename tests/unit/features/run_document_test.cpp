#include "features/run_document.hpp"

#include "http/url.hpp"
#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using features::document_of_uri;
using features::RunDocument;
using features::uri_of_document;

namespace {

azure::ResourceId job_called(const std::string& name) {
    return azure::ResourceId::workspace("s", "g", "w").child("jobs", name);
}

/// The address as VS Code writes it: everything but letters and digits encoded.
std::string as_vscode_writes(const std::string& uri) {
    const auto mark = uri.find('?') + 1;
    return uri.substr(0, mark) + http::percent_encode(http::percent_decode(uri.substr(mark)));
}

}  // namespace

TEST_CASE("the address of a file of the code says which one, whatever it is called") {
    RunDocument document{.kind = RunDocument::Kind::Code, .owner = job_called("run1")};
    document.path = "a b/#1 & 100%?/日本 \"x\".py";
    const auto uri = uri_of_document(document, "run one/" + document.path);
    CHECK(uri.starts_with("azureml-run:/run%20one/a%20b/%231%20%26%20100%25%3F/"));
    CHECK(uri.find('"') == std::string::npos);
    for (const auto& written : {uri, as_vscode_writes(uri)}) {
        const auto read = document_of_uri(written);
        CHECK(read.kind == RunDocument::Kind::Code);
        CHECK(read.owner == document.owner);
        CHECK(read.path == document.path);
    }
}

TEST_CASE("the address of a side of a comparison says both runs") {
    RunDocument document{.kind = RunDocument::Kind::Difference, .owner = job_called("b")};
    document.other = job_called("a");
    document.is_right = true;
    const auto read = document_of_uri(uri_of_document(document, "b"));
    CHECK(read.kind == RunDocument::Kind::Difference);
    CHECK(read.owner == document.owner);
    CHECK(read.other == document.other);
    CHECK(read.is_right);
}

TEST_CASE("other addresses are none of these") {
    for (const auto* uri :
         {"file:///a.py",
          "azureml-run:/a.py",
          "azureml-run:/a.py?",
          "azureml-run:/a.py?%7B",
          "azureml-run:/a.py?[]",
          "azureml-run:/a.py?%7B%22show%22%3A%22code%22%7D",
          "azureml-run:/"
          "a?%7B%22show%22%3A%22other%22%2C%22of%22%3A%22%2Fsubscriptions%2Fs%22%7D"}) {
        CAPTURE(uri);
        CHECK(test::error_of([&] { document_of_uri(uri); }).kind() == ErrorKind::InvalidParams);
    }
}
