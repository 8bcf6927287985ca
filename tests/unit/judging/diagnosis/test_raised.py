import pytest

from autograder.judging.diagnosis.raised import cause_of

SAME = "RuntimeError: Expected all tensors to be on the same device, but "


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        (
            SAME + "got mat1 is on cpu, different from other tensors on cuda:0 (when checking ...)",
            "M36a",
        ),
        (SAME + "got target is on cpu, different from other tensors on cuda:0", "M36a"),
        (
            SAME + "got mat2 is on cpu, different from other tensors on cuda:0 (when checking ...)",
            "M36b",
        ),
        (SAME + "found at least two devices, cuda:0 and cpu!", "M36c"),
        (SAME + "found at least two devices, cpu and cuda:0!", "M36c"),
        (SAME + "something that no version says yet", "M36"),
        ("AssertionError: Torch not compiled with CUDA enabled", "M36"),
    ],
)
def test_each_wrong_handling_of_devices_is_named(text, id_):
    assert cause_of(text).id == id_


def test_what_has_no_usual_cause_is_not_given_one():
    assert cause_of("ValueError: the moon is in the wrong phase") is None
