"""The script of the article of 2020, as short as it is there."""

import os

from azureml.core.run import Run

run = Run.get_submitted_run()
run.log("accuracy", 0.91)
if os.environ["FLUSH"]:
    run.flush()
