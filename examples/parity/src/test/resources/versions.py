"""Prints the logical ids of the versions that AWS SAM publishes of the template that is the first argument: as JSON, by parameter and
function. The second argument has a value for each parameter, as JSON; under "" are the ids with all defaults.

Parameters are replaced as AWS::LanguageExtensions does it before SAM runs, but only where this is documented: a plain Ref. Exits with 3
when the translator is not installed.
"""

import copy
import json
import logging
import os
import re
import sys

try:
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse
except ImportError:
    sys.exit(3)

# The translator warns that its own metrics are not published.
logging.disable(logging.WARNING)
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")


class NoManagedPolicies:
    def load(self):
        return {}


def resolved(node, values):
    if isinstance(node, dict):
        if list(node) == ["Ref"] and node["Ref"] in values:
            return values[node["Ref"]]
        return {key: resolved(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [resolved(value, values) for value in node]
    return node


def versions(template, given):
    template = copy.deepcopy(template)
    values = {name: str(parameter["Default"]) for name, parameter in template["Parameters"].items()}
    values.update(given)
    template["Resources"] = resolved(template["Resources"], values)
    template["Globals"] = resolved(template["Globals"], values)
    template["Globals"]["Function"].pop("CodeUri", None)
    functions = []
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            functions.append(name)
            # What sam deploy writes where folders were.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    translated = transform(template, {}, NoManagedPolicies())
    return {
        function: logical_id
        for function in functions
        for logical_id in translated["Resources"]
        if re.fullmatch(function + "Version[0-9a-f]{10}", logical_id)
    }


with open(sys.argv[1], encoding="utf-8") as file:
    source = yaml_parse(file.read())
result = {"": versions(source, {})}
for parameter, value in json.loads(sys.argv[2]).items():
    result[parameter] = versions(source, {parameter: value})
print(json.dumps(result))
