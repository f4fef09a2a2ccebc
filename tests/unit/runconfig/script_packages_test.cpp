#include "runconfig/script_packages.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

using Texts = std::vector<std::string>;

PackageList pip(Texts requirements) {
    PackageList packages;
    packages.conda = {"python=3.11", "pip"};
    packages.pip = std::move(requirements);
    return packages;
}

Texts requirements(const std::vector<MissingPackage>& missing) {
    Texts texts;
    for (const auto& package : missing) texts.push_back(package.requirement);
    return texts;
}

}  // namespace

TEST_CASE("the modules that a script imports are found") {
    CHECK(imported_modules("import os, sys as system\n"
                           "from azureml.core.run import Run  # the article's\n"
                           "\n"
                           "def train():\n"
                           "    import sklearn.svm\r\n"
                           "    from mlflow import log_metric\n"
                           "import os\n") ==
          Texts{"os", "sys", "azureml.core.run", "sklearn.svm", "mlflow"});
}

TEST_CASE("what a script can do without, has itself or only writes about is no import") {
    CHECK(imported_modules("\"\"\"Trains.\n"
                           "import torch\n"
                           "\"\"\"\n"
                           "# import xgboost\n"
                           "from . import data\n"
                           "from .model import Net\n"
                           "try:\n"
                           "    import mlflow\n"
                           "except ImportError:\n"
                           "    mlflow = None\n"
                           "imported = 1\n"
                           "text = '''\n"
                           "import lightgbm'''\n"
                           "import json\n") == Texts{"json"});
}

TEST_CASE("the article's script needs azureml-core") {
    const auto modules = imported_modules("from azureml.core.run import Run\n");
    const auto missing = missing_packages(modules, pip({"scikit-learn", "azureml-mlflow"}));
    REQUIRE(missing.size() == 1);
    CHECK(missing.front() == MissingPackage{"azureml.core.run", "azureml-core"});
    CHECK(missing_packages(modules, pip({"AzureML_Core==1.61"})).empty());
    CHECK(missing_packages(modules, pip({"azureml-defaults"})).empty());
}

TEST_CASE("MLflow needs Azure's plug-in beside it") {
    const Texts modules{"mlflow"};
    CHECK(requirements(missing_packages(modules, pip({}))) == Texts{"mlflow", "azureml-mlflow"});
    CHECK(requirements(missing_packages(modules, pip({"mlflow-skinny<3"}))) ==
          Texts{"azureml-mlflow"});
    CHECK(missing_packages(modules, pip({"azureml-mlflow"})).empty());
}

TEST_CASE("a framework may come from pip or conda, or with a package that needs it") {
    const Texts modules{"torch.nn", "torchvision", "sklearn", "numpy"};
    CHECK(requirements(missing_packages(modules, pip({"numpy"}))) ==
          Texts{"scikit-learn", "torch"});
    auto packages = pip({"torchvision"});
    packages.conda.emplace_back("conda-forge::scikit-learn>=1.5");
    CHECK(missing_packages(modules, packages).empty());
}

TEST_CASE("azureml-core is said not to work with a newer Python") {
    auto packages = pip({"azureml-core"});
    CHECK(package_conflicts("", packages).empty());
    packages.conda.front() = "python>=3.12.1";
    CHECK(package_conflicts("", packages) ==
          Texts{"azureml-core does not support Python 3.12: use python=3.11."});
    packages.conda.front() = "python";
    CHECK(package_conflicts("", packages).empty());
}

TEST_CASE("a script of 2020 that waits for nothing may lose its metrics") {
    const std::string script =
        "from azureml.core.run import Run\nrun = Run.get_context()\nrun.log('accuracy', 1)\n";
    CHECK(may_lose_metrics(script));
    CHECK(may_lose_metrics(script + "# run.flush()\n"));
    CHECK_FALSE(may_lose_metrics(script + "run.flush()\n"));
    CHECK_FALSE(may_lose_metrics(script + "run.complete()\n"));
    CHECK_FALSE(may_lose_metrics("import mlflow\nmlflow.log_metric('accuracy', 1)\n"));
    CHECK_FALSE(may_lose_metrics("from azureml.core import Workspace\n"));
}

TEST_CASE("autolog with an MLflow that may be version 3 is said to lose metrics") {
    const std::string script = "import mlflow\nmlflow.sklearn.autolog()\n";
    const auto loses = [&script](Texts requirements) {
        return !package_conflicts(script, pip(std::move(requirements))).empty();
    };
    CHECK(loses({"mlflow", "azureml-mlflow"}));
    CHECK(loses({"azureml-mlflow"}));
    CHECK(loses({"mlflow>=2.9"}));
    CHECK(loses({"mlflow==3.1"}));
    CHECK(loses({"mlflow<=3.0"}));
    CHECK_FALSE(loses({"mlflow<3", "azureml-mlflow"}));
    CHECK_FALSE(loses({"mlflow-skinny>=2.16,<3", "azureml-mlflow"}));
    CHECK_FALSE(loses({"mlflow==2.22.0"}));
    CHECK_FALSE(loses({"numpy"}));
    CHECK(package_conflicts("import mlflow\nmlflow.log_metric('a', 1)\n", pip({"mlflow"})).empty());
    CHECK(package_conflicts("# mlflow.autolog()\n", pip({"mlflow"})).empty());
}
