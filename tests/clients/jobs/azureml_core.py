"""A training script in the style of azureml-core (SDK v1) that uses everything a run offers to the code inside it.
What each call answered is the last line of its log, one JSON object; what a call raised stands there as a text."""

import contextlib
import json
import math
import os
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from azureml.core import Workspace
from azureml.core.run import Run

answers = {}


def ask(name, call):
    """Notes what the call returns. A call that fails must not keep the others from being tried."""
    try:
        answers[name] = call()
    except Exception as error:  # whatever the client raises is the finding
        answers[name] = f"{type(error).__name__}: {error}"


def ask_files(name, call):
    """The same for what moves files, which azureml-core does over HTTPS only."""
    if "WITHOUT_FILES" not in os.environ:
        ask(name, call)


run = Run.get_submitted_run()

ask("same run", lambda: run.id == os.environ["AZUREML_RUN_ID"] == Run.get_context().id)
ask("number", lambda: isinstance(run.number, int))
ask("type", lambda: run.type)
ask("experiment", lambda: run.experiment.name)
ask("status", run.get_status)
ask("parent", lambda: run.parent)

ask("log", lambda: run.log("accuracy", 0.91))
for step in range(3):
    ask(f"log loss {step}", lambda: run.log("loss", 0.9 - 0.3 * step, step=step))
ask("log NaN", lambda: run.log("diverged", math.nan))
ask("log text", lambda: run.log("phase", "training"))
ask("log_list", lambda: run.log_list("fibonacci", [1, 1, 2, 3, 5]))
ask("log_row", lambda: [run.log_row("over angles", angle=angle, sine=angle / 10) for angle in range(2)][0])
ask("log_table", lambda: run.log_table("squares", {"x": [1, 2, 3], "y": [1, 4, 9]}))
matrix = {
    "schema_type": "confusion_matrix",
    "schema_version": "1.0.0",
    "data": {"class_labels": ["no", "yes"], "matrix": [[3, 1], [0, 4]]},
}
ask_files("log_confusion_matrix", lambda: run.log_confusion_matrix("confusion", matrix))
residuals = {
    "schema_type": "residuals",
    "schema_version": "1.0.0",
    "data": {"bin_edges": [0, 1, 2], "bin_counts": [3, 4]},
}
ask_files("log_residuals", lambda: run.log_residuals("residuals", residuals))
predictions = {
    "schema_type": "predictions",
    "schema_version": "1.0.0",
    "data": {
        "bin_averages": [0.25, 0.75],
        "bin_errors": [0.01, 0.02],
        "bin_counts": [3, 4],
        "bin_edges": [0, 0.5, 1],
    },
}
ask_files("log_predictions", lambda: run.log_predictions("predictions", predictions))
pyplot.plot([1, 2, 4])
ask_files("log_image", lambda: run.log_image("curve", plot=pyplot))

os.makedirs("report/part", exist_ok=True)
for name in ("report/summary.txt", "report/part/detail.txt"):
    with open(name, "w", encoding="utf-8") as file:
        file.write(f"this is {name}")
ask_files("upload_file", lambda: run.upload_file("outputs/summary.txt", "report/summary.txt") and None)
ask_files("upload_files", lambda: run.upload_files(["a/one.txt", "a/two.txt"], ["report/summary.txt"] * 2) and None)
ask_files("upload_folder", lambda: run.upload_folder("outputs/report", "report") and None)
ask_files("get_file_names", lambda: sorted(name for name in run.get_file_names() if name.startswith(("outputs", "a/"))))
ask_files("download_file", lambda: run.download_file("outputs/summary.txt", "back.txt") or open("back.txt").read())
ask_files("download_files", lambda: run.download_files("outputs/report", "back") or sorted(os.listdir("back")))

ask("tag", lambda: run.tag("from", "the job"))
ask("tag without value", lambda: run.tag("seen"))
ask("set_tags", lambda: run.set_tags({"colour": "red", "size": "4"}))
ask("remove_tags", lambda: run.remove_tags(["size"]))
ask("get_tags", lambda: {name: value for name, value in run.get_tags().items() if name in ("from", "colour", "size")})
ask("add_properties", lambda: run.add_properties({"kept": "yes"}))
ask("get_properties", lambda: run.get_properties().get("kept"))


def describe():
    run.description = "as it was written in 2020"
    run.display_name = "v1"
    return [run.description, run.display_name]


ask("description", describe)
ask("get_details", lambda: run.get_details()["runId"] == run.id)
ask("get_details_with_logs", lambda: run.get_details_with_logs()["status"])
ask("get_detailed_status", lambda: run.get_detailed_status()["status"])
ask("get_all_logs", lambda: isinstance(run.get_all_logs(destination="logs"), list))
ask("get_portal_url", lambda: run.id in run.get_portal_url())


def child():
    made = run.child_run(name="one child")
    # As a context it also uploads what is printed within.
    with contextlib.nullcontext(made) if "WITHOUT_FILES" in os.environ else made:
        made.log("accuracy", 0.5)
    made.complete()
    return made.parent.id == run.id


ask("child_run", child)
ask("create_children", lambda: len(run.create_children(tag_key="fold", tag_values=["1", "2"])))


def end_children():
    for made in list(run.get_children()):
        if made.get_status() != "Completed":
            made.complete()
    return sorted(made.get_status() for made in run.get_children())


ask("get_children", end_children)
ask("runs of the experiment", lambda: run.id in [other.id for other in run.experiment.get_runs()])
ask("Run.get", lambda: Run.get(run.experiment.workspace, run.id).id == run.id)


def stores():
    workspace = run.experiment.workspace
    return [workspace.get_default_datastore().name, sorted(workspace.datastores)]


ask("datastores", stores)
ask_files("register_model", lambda: run.register_model("summary", "outputs/summary.txt", tags={"v": "1"}).version)
ask_files("models", lambda: [model.version for model in run.experiment.workspace.models.values()])

ask("flush", lambda: run.flush())
ask("get_metrics", lambda: {k: v for k, v in run.get_metrics().items() if k != "diverged"})
ask("get_metrics of one name", lambda: run.get_metrics(name="loss"))
ask("get_metrics of children", lambda: sorted(run.get_metrics(recursive=True, name="accuracy").values(), key=str))
ask("complete", lambda: run.complete())
ask("status after complete", run.get_status)
print(json.dumps(answers), file=sys.stdout, flush=True)
