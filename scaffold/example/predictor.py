"""Scores Open Inference Protocol V2 requests with a linear model: one response file for each request file, under the same name."""

import json
import os
from pathlib import Path

model = json.loads((Path(os.environ["ODAHU_MODEL"]) / "model.json").read_text())
requests = Path(os.environ["ODAHU_MODEL_INPUT"])
responses = Path(os.environ["ODAHU_MODEL_OUTPUT"])


def flatten(values):
    """V2 allows a tensor's data nested as its shape or as one flat list."""
    for value in values:
        if isinstance(value, list):
            yield from flatten(value)
        else:
            yield value


for path in sorted(requests.rglob("*.json")):
    request = json.loads(path.read_text())
    features = next(tensor for tensor in request["inputs"] if tensor["name"] == "features")
    rows, columns = features["shape"]
    values = list(flatten(features["data"]))
    scores = [
        model["bias"] + sum(weight * value for weight, value in zip(model["weights"], values[row * columns : (row + 1) * columns]))
        for row in range(rows)
    ]
    response = {
        "model_name": "scorer",
        "model_version": "1",
        "outputs": [{"name": "scores", "shape": [rows], "datatype": "FP64", "data": scores}],
    }
    if "id" in request:
        response["id"] = request["id"]
    target = responses / path.relative_to(requests)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(response) + "\n")
    print(f"{path.name}: {rows} rows")
