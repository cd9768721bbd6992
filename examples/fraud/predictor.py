"""Scores card transactions with a small linear model: an example predictor for millrace.

It reads every request (Open Inference Protocol V2, .json) of the input folder and writes one response of
the same name into the output folder. Nothing but Python's standard library is used.
"""

import argparse
import json
import math
import os
from pathlib import Path


def parse_arguments():
    parser = argparse.ArgumentParser(description="Scores card transactions.")
    parser.add_argument("--model", type=Path, default=os.environ.get("ODAHU_MODEL"))
    parser.add_argument("--input", type=Path, default=os.environ.get("ODAHU_MODEL_INPUT"))
    parser.add_argument("--output", type=Path, default=os.environ.get("ODAHU_MODEL_OUTPUT"))
    arguments = parser.parse_args()
    for name, value in vars(arguments).items():
        if value is None:
            parser.error(f"--{name} is missing, and its environment variable is not set")
    return arguments


def score(model, amount, hour, country):
    """The probability of fraud by logistic regression, with as many digits as any machine computes alike."""
    weights = model["weights"]
    z = model["bias"] + weights["log_amount"] * math.log1p(amount)
    if hour < 6:
        z += weights["night"]
    if country != model["home_country"]:
        z += weights["abroad"]
    return round(1 / (1 + math.exp(-z)), 4)


def predict(model, request):
    columns = {tensor["name"]: tensor["data"] for tensor in request["inputs"]}
    scores = [score(model, *row) for row in zip(columns["amount"], columns["hour"], columns["country"])]
    flagged = [value >= model["threshold"] for value in scores]
    response = {
        "model_name": model["name"],
        "model_version": model["version"],
        "outputs": [
            {"name": "score", "shape": [len(scores)], "datatype": "FP64", "data": scores},
            {"name": "flagged", "shape": [len(flagged)], "datatype": "BOOL", "data": flagged},
        ],
    }
    # The id is how whoever sent the request finds the answer again.
    return {"id": request["id"], **response} if "id" in request else response


def main():
    arguments = parse_arguments()
    model = json.loads((arguments.model / "model.json").read_text(encoding="utf-8"))
    for path in sorted(arguments.input.rglob("*.json")):
        name = path.relative_to(arguments.input)
        response = predict(model, json.loads(path.read_text(encoding="utf-8")))
        target = arguments.output / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(response) + "\n", encoding="utf-8")
        flagged = response["outputs"][1]["data"]
        print(f"{name}: {len(flagged)} transactions, {sum(flagged)} flagged", flush=True)


if __name__ == "__main__":
    main()
