"""Logs everything that azureml-core (SDK v1) knows to log, for the page about the run."""

import matplotlib

matplotlib.use("Agg")
from azureml.core.run import Run
from matplotlib import pyplot

run = Run.get_submitted_run()
run.log("accuracy", 0.91)
for step in range(3):
    run.log("loss", 0.9 - 0.3 * step, step=step)
run.log("phase", "training")
run.log_list("fibonacci", [1, 1, 2, 3, 5])
run.log_list("classes", ["no", "yes"])
for angle in range(3):
    run.log_row("over angles", angle=angle, sine=angle / 10)
run.log_row("one column", count=7)
run.log_table("squares", {"x": [1, 2, 3], "y": [1, 4, 9]})


def document(kind, data):
    return {"schema_type": kind, "schema_version": "1.0.0", "data": data}


labels = ["no", "yes"]
run.log_confusion_matrix("confusion", document("confusion_matrix", {"class_labels": labels, "matrix": [[3, 1], [0, 4]]}))
tables = [[[4, 4, 0, 0], [3, 1, 3, 1], [0, 0, 4, 4]], [[4, 4, 0, 0], [4, 1, 3, 0], [0, 0, 4, 4]]]
table = {
    "probability_tables": tables,
    "percentile_tables": tables,
    "probability_thresholds": [0.0, 0.5, 1.0],
    "percentile_thresholds": [0.0, 0.01, 1.0],
    "class_labels": labels,
}
run.log_accuracy_table("curves", document("accuracy_table", table))
run.log_residuals("residuals", document("residuals", {"bin_edges": [-1, 0, 2], "bin_counts": [3, 4]}))
bins = {"bin_averages": [0.3, 0.7], "bin_errors": [0.01, 0.02], "bin_counts": [3, 4], "bin_edges": [0, 0.5, 1]}
run.log_predictions("predictions", document("predictions", bins))

pyplot.plot([1, 2, 4])
pyplot.savefig("first.png")
pyplot.plot([4, 2, 1])
pyplot.savefig("second.png")
run.log_image("curve", path="first.png")
run.log_image("curve", path="second.png")
run.log_image("lines", plot=pyplot)
run.flush()
