"""What the tests do with MLflow's own tracking client, as a user's program would."""

import math
import os
import pathlib

import mlflow
from azure.identity import ClientSecretCredential
from mlflow.entities import Metric, Param, RunTag

from driver import serve

os.environ["MLFLOW_TRACKING_TOKEN"] = (
    ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
    )
    .get_token(f"{os.environ['ARM_ENDPOINT']}/.default")
    .token
)
mlflow.set_tracking_uri(os.environ["TRACKING_URI"])
client = mlflow.MlflowClient()


def log_run(experiment, name, params, metrics, tags):
    """A run as most scripts write it; `metrics` are lists of values by name, one value a step."""
    mlflow.set_experiment(experiment)
    with mlflow.start_run(run_name=name) as run:
        mlflow.log_params(params)
        mlflow.set_tags(tags)
        for key, values in metrics.items():
            for step, value in enumerate(values):
                mlflow.log_metric(key, value, step=step)
    return describe(run.info.run_id)


def describe(run_id):
    run = client.get_run(run_id)
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "ended": run.info.end_time >= run.info.start_time if run.info.end_time else None,
        "experiment": run.info.experiment_id,
        "params": run.data.params,
        "metrics": run.data.metrics,
        "tags": {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")},
    }


def history(run_id, key):
    return [[point.step, point.value] for point in client.get_metric_history(run_id, key)]


def log_batch(run_id, count):
    metrics = [Metric("batch", step * 0.5, 1_700_000_000_000 + step, step) for step in range(count)]
    params = [Param(f"p{number}", str(number)) for number in range(10)]
    client.log_batch(run_id, metrics=metrics, params=params, tags=[RunTag("batched", "yes")])


def log_special_values(run_id):
    for step, value in enumerate([math.nan, math.inf, -math.inf]):
        client.log_metric(run_id, "special", value, step=step)
    return [repr(point.value) for point in client.get_metric_history(run_id, "special")]


def failed_run(experiment):
    mlflow.set_experiment(experiment)
    try:
        with mlflow.start_run() as run:
            raise ValueError("no such luck")
    except ValueError:
        return describe(run.info.run_id)


def change_param(run_id, key, value):
    try:
        client.log_param(run_id, key, value)
    except mlflow.MlflowException as error:
        return {"code": error.error_code, "message": error.message}
    return None


def missing_run():
    try:
        client.get_run("nobody")
    except mlflow.MlflowException as error:
        return error.error_code
    return None


def search(experiment, condition="", order=None, most=100):
    found = client.get_experiment_by_name(experiment)
    names = []
    token = None
    while True:
        page = client.search_runs(
            [found.experiment_id], filter_string=condition, order_by=order, max_results=most, page_token=token
        )
        names += [run.info.run_name for run in page]
        token = page.token
        if not token:
            return names


def table(experiment):
    """`mlflow.search_runs`, which makes a data frame."""
    frame = mlflow.search_runs(experiment_names=[experiment], order_by=["metrics.loss ASC"])
    return frame[["tags.mlflow.runName", "params.rate", "metrics.loss"]].values.tolist()


def experiments():
    return [found.name for found in client.search_experiments()]


def log_artifacts(run_id, folder):
    client.log_text(run_id, "a note", "notes/note.txt")
    client.log_dict(run_id, {"a": 1}, "numbers.json")
    client.log_artifacts(run_id, folder, "data")


def list_artifacts(run_id, path=None):
    return sorted([found.path, found.is_dir, found.file_size] for found in client.list_artifacts(run_id, path))


def download_artifacts(run_id, path, folder):
    got = pathlib.Path(client.download_artifacts(run_id, path, folder))
    return {
        file.relative_to(folder).as_posix(): file.read_text() for file in sorted(got.rglob("*")) if file.is_file()
    }


def delete_and_restore(run_id, experiment):
    client.delete_run(run_id)
    without = search(experiment)
    client.restore_run(run_id)
    return [without, search(experiment)]


def remove_tag(run_id, key):
    client.delete_tag(run_id, key)
    return describe(run_id)["tags"]


def nested(experiment):
    mlflow.set_experiment(experiment)
    with mlflow.start_run(run_name="parent") as parent:
        with mlflow.start_run(run_name="child", nested=True) as child:
            mlflow.log_metric("loss", 1.0)
    found = client.search_runs(
        [parent.info.experiment_id], filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    )
    return [[run.info.run_id for run in found], child.info.run_id]


if __name__ == "__main__":
    serve([value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"])
