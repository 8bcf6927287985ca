# attack: leaves with exit code 0 during a test
import os


def answer(_name, *_inputs):
    os._exit(0)
