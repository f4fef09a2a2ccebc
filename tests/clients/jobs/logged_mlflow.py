"""Logs everything that MLflow knows to log, well and badly, for the page about the run."""

import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import mlflow
import numpy
import pandas
from matplotlib import pyplot
from sklearn.linear_model import LogisticRegression

with mlflow.start_run():
    mlflow.sklearn.autolog(log_models=False)
    features = pandas.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 0.0, 1.0, 0.0]})
    LogisticRegression(max_iter=50).fit(features, [0, 0, 1, 1])
    mlflow.sklearn.autolog(disable=True)

    mlflow.log_param("rate", 0.25)
    for step in range(3):
        mlflow.log_metric("loss", 0.9 - 0.3 * step, step=step)

    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 4])
    mlflow.log_figure(figure, "figures/curve.png")
    image = numpy.full((48, 64, 3), 200, dtype=numpy.uint8)
    mlflow.log_image(image, "images/grey.png")
    for step in (10, 2):
        mlflow.log_image(image - step, key="pets/dog", step=step)

    rows = 100_000
    mlflow.log_table({"number": list(range(rows)), "name": [f"row {i}" for i in range(rows)]}, "tables/large.json")
    mlflow.log_table({"question": ["why?"], "picture": [mlflow.Image(image)]}, "tables/pictures.json")

    matrix = {"class_labels": ["cat", "dog"], "matrix": [[5, 1], [2, 7]]}
    chart = {"schema_type": "confusion_matrix", "schema_version": "1.0.0", "data": matrix}
    mlflow.log_dict(chart, "matrix.json")

    mlflow.log_text("no picture", "broken.png")
    mlflow.log_text(json.dumps(chart)[:-5], "broken.json")
    mlflow.log_text("<script>document.title = 'ran'</script>", "page.html")
    folder = pathlib.Path("large")
    folder.mkdir()
    folder.joinpath("large.png").write_bytes(b"\x89PNG" + bytes(9_000_000))
    mlflow.log_artifacts("large", "large")
