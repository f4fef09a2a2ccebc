"""Prints, as JSON, every key of a command job file that the installed azure-ai-ml takes.

A key is a path: `limits.timeout`; `inputs.*.mode` for any name. Read from the package's own marshmallow
schemas, which its command line publishes as commandJob.schema.json. Keys that are only written (`dump_only`)
are left out.
"""

import json

from azure.ai.ml._schema.core.fields import NestedField, UnionField
from azure.ai.ml._schema.job.command_job import CommandJobSchema
from azure.ai.ml._schema.assets.environment import AnonymousEnvironmentSchema
from azure.ai.ml._schema.job.distribution import (
    MPIDistributionSchema,
    PyTorchDistributionSchema,
    RayDistributionSchema,
    TensorFlowDistributionSchema,
)
from azure.ai.ml.constants._common import BASE_PATH_CONTEXT_KEY
from marshmallow import fields

CONTEXT = {BASE_PATH_CONTEXT_KEY: "."}
# Fields made by functions hide what they nest.
HIDDEN = {
    "distribution": [
        MPIDistributionSchema,
        TensorFlowDistributionSchema,
        PyTorchDistributionSchema,
        RayDistributionSchema,
    ],
    "environment": [AnonymousEnvironmentSchema],
}


def nested_of(field):
    """The schemas that a field's value may have."""
    if isinstance(field, UnionField):
        return [schema for member in field._union_fields for schema in nested_of(member)]
    if isinstance(field, fields.Nested):
        return [field.nested]
    inner = getattr(field, "_experimental_field", None)
    return nested_of(inner) if inner is not None else []


def keys_of(schema, prefix=""):
    """All paths below a schema."""
    fields_of = schema(context=CONTEXT) if isinstance(schema, type) else schema
    for name, field in fields_of.fields.items():
        key = field.data_key or name
        if field.dump_only or key == "$schema":
            continue
        path = prefix + key
        yield path
        if isinstance(field, fields.Dict):
            nested = nested_of(field.value_field) if field.value_field is not None else []
            path += ".*"
        elif isinstance(field, fields.List):
            nested = nested_of(field.inner)
            path += "[]"
        else:
            nested = HIDDEN.get(path) or nested_of(field)
        for one in nested:
            yield from keys_of(one, path + ".")


print(json.dumps(sorted(set(keys_of(CommandJobSchema))), indent=1))
