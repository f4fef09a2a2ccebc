#include "runconfig/script_options.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace aml::runconfig;

namespace {

using Type = ScriptOption::Type;
using Options = std::vector<ScriptOption>;
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the options of argparse are found with their types, defaults and choices") {
    CHECK(script_options(R"PY(
import argparse
parser = argparse.ArgumentParser(description="add_argument('--no', type=int)")  # ('--neither')
parser.add_argument("data")
parser.add_argument("-l", "--learning-rate", type=float, default=1e-3,
                    help="how fast (not --slow)")
parser.add_argument('--epochs', default=10)
parser.add_argument("--name", dest="label", default=f"run-{1}")
group = parser.add_argument_group("more")
group.add_argument("--optimizer", choices=["adam", 'sgd'], default="adam")
group.add_argument("--depth", type=int, choices=(1, 2, 3))
parser.add_argument("--shift", type=float, default=-0.5)
parser.add_argument("--verbose", action="store_true")
parser.add_argument("--layers", nargs="+", type=int)
)PY") == Options{{"learning_rate", "--learning-rate", Type::Number, "1e-3", {}},
                 {"epochs", "--epochs", Type::Integer, "10", {}},
                 {"name", "--name", Type::Text, {}, {}},
                 {"optimizer", "--optimizer", Type::Text, "adam", {"adam", "sgd"}},
                 {"depth", "--depth", Type::Integer, {}, {"1", "2", "3"}},
                 {"shift", "--shift", Type::Number, "-0.5", {}}});
}

TEST_CASE("the options of click are found, and flags are not") {
    CHECK(script_options(R"PY(
import click

@click.command()
@click.option("--lr", default=0.1, show_default=True)
@click.option("--loss", type=click.Choice(["l1", "l2"], case_sensitive=False))
@click.option("--shout/--quiet", default=False)
@click.option("--debug", is_flag=True)
@click.argument("data")
def train(lr, loss, shout, debug, data):
    logging.option("--not")
)PY") == Options{{"lr", "--lr", Type::Number, "0.1", {}},
                 {"loss", "--loss", Type::Text, {}, {"l1", "l2"}}});
}

TEST_CASE("the parameters of the function that fire is given are options") {
    CHECK(script_options(R"PY(
import fire
def other(a): pass
def train(data: str, lr: float = 0.1, depth=3, *, deep: bool = True, seed: Optional[int] = None):
    pass
if __name__ == "__main__":
    fire.Fire(train)
)PY") == Options{{"data", "--data", Type::Text, {}, {}},
                 {"lr", "--lr", Type::Number, "0.1", {}},
                 {"depth", "--depth", Type::Integer, "3", {}},
                 {"seed", "--seed", Type::Integer, {}, {}}});
}

TEST_CASE("a source that is being typed is read as far as it goes") {
    CHECK(script_options("").empty());
    CHECK(script_options("parser.add_argument(").empty());
    CHECK(script_options("parser.add_argument('--lr").size() == 1);
    CHECK(script_options("x = '''\nparser.add_argument('--lr', default=1)").empty());
    CHECK(script_options(std::string(100'000, '(')).empty());
    CHECK(script_options("\\").empty());
}

TEST_CASE("metrics are found where they are logged") {
    const auto logged = logged_metrics(R"PY(
import mlflow, math
mlflow.log_metric("loss", value, step=3)
mlflow.log_metrics({"accuracy": a, "f1": max({"no": 1})}, step=1)
run.log("auc", auc)
run.log(name="recall", value=1)
self.log('val_loss', loss, prog_bar=True)
math.log(x)
logging.info("log_metric('no', 1)")
def log_metric(self, name): pass
)PY");
    CHECK(logged.names == Names{"loss", "accuracy", "f1", "auc", "recall", "val_loss"});
    CHECK(logged.complete);
    CHECK(!logged_metrics("mlflow.log_metric(name, 1)").complete);
    CHECK(!logged_metrics("tracking.log(name, 1)").complete);
    const auto automatic = logged_metrics("import sklearn.svm\nmlflow.autolog()\n");
    CHECK(automatic.names.front() == "training_accuracy_score");
    CHECK(!automatic.complete);
    CHECK(logged_metrics("print(1)").names.empty());
}

TEST_CASE("a space is proposed around what an option is now") {
    const auto proposed = [](Type type, const char* name, const char* value) {
        return proposed_space({name, "--x", type, value, {}});
    };
    CHECK(proposed(Type::Number, "lr", "0.01") == "loguniform(-6.908,-2.303)");
    CHECK(proposed(Type::Number, "learning_rate", "0.1") == "loguniform(-4.605,0)");
    CHECK(proposed(Type::Number, "dropout", "0.5") == "uniform(0.25,0.75)");
    CHECK(proposed(Type::Number, "momentum", "0.9") == "uniform(0.45,1)");
    CHECK(proposed(Type::Number, "width", "3") == "uniform(1.5,6)");
    CHECK(proposed(Type::Number, "shift", "0") == "uniform(0,0.5)");
    CHECK(proposed(Type::Number, "shift", "-2") == "uniform(-4,-1)");
    CHECK(proposed(Type::Integer, "batch", "64") == "choice(32,64,128)");
    CHECK(proposed(Type::Integer, "depth", "0") == "choice(0,1,2)");
    CHECK(proposed(Type::Integer, "random_seed", "42") == "choice(1,2,3)");
    CHECK(proposed(Type::Text, "name", "a, b") == R"(choice("a, b"))");
    CHECK(proposed_space({"o", "--o", Type::Text, "b", {"a", "b,c"}}) == R"(choice(a,"b,c"))");
    CHECK(proposed_space({"o", "--o", Type::Number, {}, {}}) == "uniform(0,1)");
}

TEST_CASE("losses and errors are to be small") {
    for (const auto* name : {"loss", "val_loss", "RMSE", "training_log_loss", "error", "eval/wer"})
        CHECK_MESSAGE(is_minimized(name), name);
    for (const auto* name : {"accuracy", "f1", "glossary", "answer"})
        CHECK_MESSAGE(!is_minimized(name), name);
}
