"""The device `meta` stands for a GPU: it is another device than the CPU, and it computes nothing."""

import pytest
import torch

from autograder.worker.placement import Placement, _writes

META = torch.device("meta")


@pytest.fixture(autouse=True)
def placing():
    with Placement("meta"):
        yield


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.zeros(3),
        lambda: torch.ones(2, 3, requires_grad=True),
        lambda: torch.arange(5),
        lambda: torch.tensor([1.0, 2.0]),
        lambda: torch.randperm(4),
        lambda: torch.eye(3),
        lambda: torch.nn.Linear(4, 2).weight,
    ],
)
def test_what_is_made_is_made_where_the_arguments_are(make):
    assert make().device == META


def test_who_names_a_device_gets_it():
    assert torch.zeros(3, device="cpu").device.type == "cpu"


def test_a_tensor_of_another_device_is_brought_along_in_place_of_an_exception():
    stray = torch.zeros(3, device="cpu")
    assert (torch.ones(3) * stray).device == META
    assert torch.stack([torch.ones(3), stray]).device == META
    assert torch.nn.functional.linear(torch.ones(2, 3), torch.zeros(4, 3, device="cpu")).shape == (
        2,
        4,
    )


def test_a_mistake_that_is_no_matter_of_devices_stays_an_exception():
    with pytest.raises(RuntimeError, match="size"):
        torch.ones(3, device="cpu") + torch.ones(4, device="cpu")


@pytest.mark.parametrize("make", [torch.randperm, torch.rand])
def test_a_generator_of_the_cpu_draws_the_numbers_that_it_draws_there(make):
    # Drawn on the CPU and moved: DataLoader shuffles so, whatever the device.
    assert make(5, generator=torch.Generator().manual_seed(1)).device == META


def test_what_is_drawn_on_the_cpu_still_wants_its_gradient():
    drawn = torch.rand(5, generator=torch.Generator(), requires_grad=True)
    assert drawn.requires_grad
    assert drawn.is_leaf


@pytest.mark.parametrize("name", ["add_", "__setitem__", "__iadd__", "normal_"])
def test_what_is_written_into_stays_where_it_is(name):
    assert _writes(getattr(torch.Tensor, name))


@pytest.mark.parametrize("name", ["add", "__add__", "__int__", "__iter__", "__init__", "item"])
def test_what_is_only_read_goes_where_the_others_are(name):
    assert not _writes(getattr(torch.Tensor, name))


def test_numpy_gets_a_copy_on_the_cpu():
    with pytest.raises(
        NotImplementedError, match="meta"
    ):  # as of .cpu(), which a GPU's tensor can do
        torch.ones(3).numpy()


def test_outside_nothing_is_placed():
    with torch._C.DisableTorchFunction():
        assert torch.zeros(3).device.type == "cpu"
