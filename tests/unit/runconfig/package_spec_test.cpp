#include "runconfig/package_spec.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace aml;
using namespace aml::runconfig;

TEST_CASE("requirements that pip accepts are accepted") {
    for (const std::string text : {"scikit-learn",
                                   "numpy==1.26.4",
                                   "numpy == 1.26.*",
                                   "torch>=2.2,<3",
                                   "torch (>=2.2, <3)",
                                   "mlflow-skinny~=2.9",
                                   "requests[security,tests]>=2.8.1 ; python_version < \"3.12\"",
                                   "pip @ https://github.com/pypa/pip/archive/22.0.2.zip",
                                   "jax @ git+https://github.com/jax-ml/jax.git",
                                   "a1",
                                   "black!=24.1.0rc1,>=1!2.0.post3.dev4+local.7",
                                   "tensorflow===2.16.1-custom"}) {
        CAPTURE(text);
        CHECK(check_pip_requirement(text) == std::nullopt);
    }
}

TEST_CASE("requirements that pip refuses are refused with the reason") {
    CHECK(check_pip_requirement("  ") == "Type a package, for example scikit-learn>=1.5.");
    CHECK(check_pip_requirement("numpy=1.26").value().find("two equal signs") != std::string::npos);
    CHECK(check_pip_requirement("scikit learn").value().find("learn") != std::string::npos);
    CHECK(check_pip_requirement("--pre").value().find("starts with a letter") != std::string::npos);
    CHECK(check_pip_requirement("a @ file:///a.whl").value().find("is a local path") !=
          std::string::npos);
    CHECK(check_pip_requirement("numpy>=").value().find("version is missing") != std::string::npos);
    CHECK(check_pip_requirement("numpy>=one").value().find("“one” is not a version") !=
          std::string::npos);
    CHECK(check_pip_requirement("numpy>1.*").value().find("not a version") != std::string::npos);
    CHECK(check_pip_requirement("a[b").value().find("not closed") != std::string::npos);
    CHECK(check_pip_requirement("a[b c]").value().find("separated by commas") != std::string::npos);
    CHECK(check_pip_requirement("a; whenever").value().find("condition") != std::string::npos);
    CHECK(check_pip_requirement("a @ nowhere").value().find("address") != std::string::npos);
    CHECK(check_pip_requirement("a==1,,==2").has_value());
}

TEST_CASE("lines of pip that need a file of this machine are refused") {
    for (const auto* line : {"-r other.txt",
                             "-rother.txt",
                             "--requirement=o.txt",
                             "--requirement o.txt",
                             "-c c.txt",
                             "--constraint c.txt",
                             "-e .",
                             "--editable ./lib",
                             "-e git+file:///home/me/lib"}) {
        CAPTURE(line);
        CHECK(check_pip_line(line).value_or("").find("points to another file") !=
              std::string::npos);
    }
    for (const auto* line : {".",
                             "./wheels/a.whl",
                             "../lib",
                             "/x/y",
                             "~/lib",
                             "a-1.0-py3-none-any.whl",
                             "dist/a.tar.gz ; python_version < \"3.12\"",
                             "src/lib[extra]",
                             "C:\\lib",
                             "file:///x",
                             "file:x.whl",
                             "git+file:///home/me/lib",
                             "a @ file:///x",
                             "a[b]@file:///x",
                             "a @ ./x.whl"}) {
        CAPTURE(line);
        CHECK(check_pip_line(line).value_or("").find("is a local path") != std::string::npos);
    }
}

TEST_CASE("lines of pip that any machine understands are accepted") {
    for (const auto* line : {"numpy",
                             "torch ==2.3 --hash=sha256:ab/c",
                             "a ; sys_platform == \"linux\"",
                             "--pre",
                             "--index-url https://user@h/simple",
                             "--extra-index-url ${INDEX}/simple",
                             "--find-links https://h/wheels",
                             "-f https://h/wheels",
                             "-r https://h/requirements.txt",
                             "-c https://h/constraints.txt",
                             "-e git+https://h/p.git@v1#egg=p",
                             "git+ssh://git@h/p.git",
                             "https://h/a.whl",
                             "a @ https://user@h/a.whl",
                             "a @ git+https://h/p",
                             "${WHEELS}/a.whl"}) {
        CAPTURE(line);
        CHECK(check_pip_line(line) == std::nullopt);
    }
}

TEST_CASE("conda dependencies have their own form") {
    CHECK(check_conda_dependency("python=3.11") == std::nullopt);
    CHECK(check_conda_dependency("conda-forge::numpy>=2,<3") == std::nullopt);
    CHECK(check_conda_dependency("pytorch 2.3.* cuda*") == std::nullopt);
    CHECK(check_conda_dependency("python = 3.11") == std::nullopt);
    CHECK(check_conda_dependency("two words=1 and more words").has_value());
    CHECK(check_conda_dependency("").has_value());
}

TEST_CASE("the name of a package is compared as Python does") {
    CHECK(package_name("Scikit_Learn >= 1") == "scikit-learn");
    CHECK(package_name("ruamel.yaml[jinja2]==1") == "ruamel-yaml");
    CHECK(package_name("conda-forge::NumPy=2") == "numpy");
    CHECK(package_name(">=1") == "");
}
