"""What azure-ai-ml takes plain scalars of YAML for, which it reads with PyYAML's `safe_load`.

usage: yaml_scalars.py FILE, a JSON list whose items have `yaml`. Prints the list with what each is: `null`, `boolean`,
`number` (as Python writes it), `text` or `date`.
"""

import datetime
import json
import sys

import yaml


def described(text):
    value = yaml.safe_load(f"- {text}")[0]
    if value is None:
        return {"yaml": text, "null": True}
    if isinstance(value, bool):
        return {"yaml": text, "boolean": value}
    if isinstance(value, (int, float)):
        return {"yaml": text, "number": repr(value)}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {"yaml": text, "date": True}
    return {"yaml": text, "text": value}


with open(sys.argv[1], encoding="utf-8") as source:
    print(json.dumps([described(item["yaml"]) for item in json.load(source)]))
