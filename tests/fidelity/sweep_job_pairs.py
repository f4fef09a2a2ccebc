"""Asks azure-ai-ml what it sends for sweep job files.

usage: sweep_job_pairs.py FILE, a JSON list whose items have `file`, the keys of a job beside the usual ones.
Prints a JSON object: `keys`, those that the package takes for what only sweeps have; `answers`, for each item `rest`,
the body's properties that the file's keys have changed, or `error`.
"""

import io
import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from azure.ai.ml import load_job  # noqa: E402
from azure.ai.ml._schema._sweep import SweepJobSchema  # noqa: E402
from azure.ai.ml._schema._sweep.search_space import (  # noqa: E402
    ChoiceSchema,
    NormalSchema,
    QNormalSchema,
    QUniformSchema,
    RandintSchema,
    UniformSchema,
)
from azure.ai.ml._schema._sweep.sweep_sampling_algorithm import RandomSamplingAlgorithmSchema  # noqa: E402
from azure.ai.ml._schema._sweep.sweep_termination import (  # noqa: E402
    BanditPolicySchema,
    MedianStoppingPolicySchema,
    TruncationSelectionPolicySchema,
)
from azure.ai.ml.constants._common import BASE_PATH_CONTEXT_KEY  # noqa: E402

WORKSPACE = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g"
    "/providers/Microsoft.MachineLearningServices/workspaces/w"
)
REFERENCES = {"/environment": f"{WORKSPACE}/environments/e/versions/1", "/code": f"{WORKSPACE}/codes/c/versions/1"}
USUAL = {
    "type": "sweep",
    "compute": f"azureml:{WORKSPACE}/computes/c",
    "trial": {"command": "python t.py --lr ${{search_space.lr}}", "environment": "azureml:e:1"},
    "sampling_algorithm": "random",
    "search_space": {"lr": {"type": "uniform", "min_value": 0.1, "max_value": 0.9}},
    "objective": {"goal": "maximize", "primary_metric": "acc"},
    "limits": {"max_total_trials": 4},
}
# Fields made by functions hide what they nest.
HIDDEN = {
    "search_space.*.": [ChoiceSchema, UniformSchema, QUniformSchema, NormalSchema, QNormalSchema, RandintSchema],
    "sampling_algorithm.": [RandomSamplingAlgorithmSchema],
    "early_termination.": [BanditPolicySchema, MedianStoppingPolicySchema, TruncationSelectionPolicySchema],
}


def sweep_keys():
    """The keys that a sweep has of its own, as paths."""
    schema = SweepJobSchema(context={BASE_PATH_CONTEXT_KEY: "."})
    for name, field in schema.fields.items():
        if not field.dump_only and name not in ("name", "schema"):
            yield name
    for nested in ("objective", "limits", "trial"):
        for name, field in schema.fields[nested].nested(context={BASE_PATH_CONTEXT_KEY: "."}).fields.items():
            if not field.dump_only:
                yield f"{nested}.{name}"
    for prefix, schemas in HIDDEN.items():
        for one in schemas:
            yield from (prefix + name for name in one(context={BASE_PATH_CONTEXT_KEY: "."}).fields)


def asked(changes):
    """What the package sends for the usual job with these keys."""
    file = json.loads(json.dumps({**USUAL, **changes}))
    file["trial"]["environment"] = "azureml:" + REFERENCES["/environment"]
    if "code" in file["trial"]:
        file["trial"]["code"] = "azureml:" + REFERENCES["/code"]
    body = load_job(io.StringIO(json.dumps(file)))._to_rest_object()
    plain = body if isinstance(body, dict) else body.as_dict()
    text = json.dumps(plain["properties"])
    for ours, theirs in REFERENCES.items():
        text = text.replace("azureml:" + theirs, ours).replace(theirs, ours)
    return json.loads(text)


def answer(usual, changes):
    """What these keys change, or why the package refuses them."""
    try:
        rest = asked(changes)
    except Exception as error:  # pylint: disable=broad-except
        return {"error": str(error)}
    return {"rest": {key: value for key, value in rest.items() if usual.get(key) != value}}


with open(sys.argv[1], encoding="utf-8") as source:
    pairs = json.load(source)
without = asked({})
answers = [answer(without, pair["file"]) for pair in pairs]
print(json.dumps({"keys": sorted(set(sweep_keys())), "answers": answers}))
