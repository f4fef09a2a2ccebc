"""Fills MLflow's own store with the series of the benchmark: `python mlflow_data.py FOLDER SERIES LENGTH`, where the file
`series.bin` of the folder has their values one after the other."""

import array
import sqlite3
import sys

from mlflow import MlflowClient

folder, series, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
experiment = client.create_experiment("series", artifact_location=f"file://{folder}/artifacts")
runs = [client.create_run(experiment, run_name=f"series-{i}").info.run_id for i in range(series)]
for run in runs:
    client.log_metric(run, "loss", 0.0, step=length)
    client.set_terminated(run)

values = array.array("d")
with open(f"{folder}/series.bin", "rb") as file:
    values.fromfile(file, series * length)
rows = (
    ("loss", values[i * length + step], 1_767_225_600_000 + step * 100, run, step, False)
    for i, run in enumerate(runs)
    for step in range(length)
)
with sqlite3.connect(f"{folder}/mlflow.db") as database:
    database.executemany(
        "INSERT INTO metrics(key, value, timestamp, run_uuid, step, is_nan) VALUES(?, ?, ?, ?, ?, ?)", rows
    )
