"""Whether azure-ai-ml takes job files.

usage: job_files.py FILE, YAML with a job in each of its documents. Prints a JSON list: null, or why a document is refused.
"""

import io
import json
import logging
import os
import re
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

from azure.ai.ml import load_job  # noqa: E402


def refusal(text):
    try:
        load_job(io.StringIO(text))
    except Exception as error:  # pylint: disable=broad-except
        return str(error)
    return None


with open(sys.argv[1], encoding="utf-8") as source:
    documents = re.split(r"(?m)^---\n", source.read())
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    os.mkdir("src")
    print(json.dumps([refusal(document) for document in documents]))
