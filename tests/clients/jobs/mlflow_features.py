"""A training script that uses what MLflow offers to the code inside a job. What each call answered is the last line of
its log, one JSON object; what a call raised stands there as a text."""

import json
import os
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import mlflow
import numpy
import pandas
from matplotlib import pyplot
from sklearn.linear_model import LogisticRegression

answers = {}
features = pandas.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 0.0, 1.0, 0.0]})
labels = [0, 0, 1, 1]


def ask(name, call):
    """Notes what the call returns. A call that fails must not keep the others from being tried."""
    try:
        answers[name] = call()
    except Exception as error:  # whatever the client raises is the finding
        answers[name] = f"{type(error).__name__}: {error}"


def train():
    return LogisticRegression(max_iter=50).fit(features, labels)


def autolog(**options):
    """Trains in a run of its own below this one, and tells what autolog has logged there."""
    mlflow.sklearn.autolog(**options)
    with mlflow.start_run(nested=True) as child:
        train()
    mlflow.sklearn.autolog(disable=True)
    data = mlflow.get_run(child.info.run_id).data
    return [len(data.params), sorted(data.metrics)]


with mlflow.start_run() as run:
    ask("same run", lambda: run.info.run_id == os.environ["AZUREML_RUN_ID"])
    ask("log_params", lambda: mlflow.log_params({"rate": 0.25, "depth": 3}) and None)
    ask("set_tag", lambda: mlflow.set_tag("from", "the job"))
    ask("set_tags", lambda: mlflow.set_tags({"colour": "red"}))
    ask("log_metrics", lambda: [mlflow.log_metrics({"loss": 0.9 - 0.3 * step}, step=step) for step in range(3)][0])

    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 4])
    ask("log_figure", lambda: mlflow.log_figure(figure, "figures/curve.png"))
    image = numpy.zeros((4, 4, 3), dtype=numpy.uint8)
    ask("log_image as a file", lambda: mlflow.log_image(image, "images/black.png"))
    ask("log_image with key and step", lambda: mlflow.log_image(image, key="dog", step=3))
    ask("log_table", lambda: mlflow.log_table({"a": [1, 2], "b": [3, 4]}, "tables/one.json"))
    ask("log_dict", lambda: mlflow.log_dict({"a": 1}, "some.json"))
    ask("log_text", lambda: mlflow.log_text("all is well", "note.txt"))
    folder = pathlib.Path("report/part")
    folder.mkdir(parents=True)
    folder.joinpath("detail.txt").write_text("all is well")
    ask("log_artifacts", lambda: mlflow.log_artifacts("report", "report"))

    def nested():
        with mlflow.start_run(nested=True, run_name="fold") as child:
            mlflow.log_metric("accuracy", 0.5)
        stored = mlflow.get_run(child.info.run_id)
        return [stored.info.status, stored.data.tags["mlflow.parentRunId"] == run.info.run_id]

    ask("nested run", nested)
    ask("autolog", autolog)
    ask("autolog without models", lambda: autolog(log_models=False))
    model = train()
    ask("log_model", lambda: mlflow.sklearn.log_model(model, name="model") and None)

    def register():
        mlflow.sklearn.save_model(model, "saved")
        mlflow.log_artifacts("saved", "saved")
        return mlflow.register_model(f"runs:/{run.info.run_id}/saved", "classifier").version

    def register_by_source():
        source = f"{run.info.artifact_uri}/saved"
        made = mlflow.MlflowClient().create_model_version("classifier", source, run.info.run_id)
        return [made.version, made.status]

    ask("register_model", register)
    ask("create_model_version", register_by_source)
    ask("load_model", lambda: mlflow.sklearn.load_model("models:/classifier/1").predict(features).tolist())

client = mlflow.MlflowClient()


def stored():
    data = client.get_run(run.info.run_id).data
    tags = {name: value for name, value in data.tags.items() if not name.startswith(("mlflow.", "_aml"))}
    return [data.params, data.metrics, tags]


ask("what is stored", stored)
ask("list_artifacts", lambda: len(client.list_artifacts(run.info.run_id)))
path = {"run_id": run.info.run_id, "artifact_path": "note.txt"}
ask("download", lambda: pathlib.Path(mlflow.artifacts.download_artifacts(**path)).read_text())
ask("search_runs", lambda: len(mlflow.search_runs(filter_string="tags.colour = 'red'")))
ask("registered models", lambda: [one.name for one in client.search_registered_models()])
ask("a version's source", lambda: client.get_model_version("classifier", "1").source.split(":")[0])
ask("search_traces", lambda: len(mlflow.search_traces(return_type="list")))
print(json.dumps(answers), file=sys.stdout, flush=True)
