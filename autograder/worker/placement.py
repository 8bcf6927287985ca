"""Lets code that says nothing of devices compute on a GPU: what it makes goes where its arguments are.

A hidden test of a gradient is not a test of device handling. Under this mode a submission that was written for the CPU
gets on a GPU the verdict that it gets on the CPU: tensors that it makes are made there, and where tensors of two
devices meet, they are brought together instead of torch's exception. A test that asks for a device by its marker does
without this, since there the handling of devices is what is asked.

Source: `torch.utils._device.DeviceContext`, which does the first half.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._device import _device_constructors

#: NumPy knows the CPU's memory alone.
_FOR_NUMPY: Final[tuple[Any, ...]] = (torch.Tensor.numpy, torch.Tensor.__array__)
_MIXED: Final = re.compile(
    r"on the same device|at least two devices|not on the expected device|at the same device"
    r"|(weight|bias) type .*should be the same|should be either on cpu or on the same device"
)
_WRITING: Final = re.compile(
    r"__setitem__|[a-z]\w*[^_]_|__i(add|sub|mul|truediv|floordiv|mod|pow|and|or|xor|lshift|rshift)__"
)
_OTHER_GENERATOR: Final = re.compile(r"device type for generator but found")


class Placement(TorchFunctionMode):
    """See the module.

    Args:
        device: Where the arguments are.
    """

    def __init__(self, device: str) -> None:
        super().__init__()
        self._device = torch.device(device)
        self._makers = _device_constructors()

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Called by torch in the place of each of its functions."""
        del types
        kwargs = kwargs or {}
        if func in _FOR_NUMPY:
            return func(args[0].cpu(), *args[1:], **kwargs)
        if func in self._makers and kwargs.get("device") is None:
            if _is_on_cpu(kwargs.get("generator")):
                return self._drawn_on_cpu(func, args, kwargs)
            kwargs = {**kwargs, "device": self._device}
        try:
            return func(*args, **kwargs)
        except RuntimeError as error:
            if _MIXED.search(str(error)):
                to = args[0].device if _writes(func) else self._device
                return func(*_moved(args, to), **_moved(kwargs, to))
            if _OTHER_GENERATOR.search(str(error)):
                return self._redone_on_cpu(func, args, kwargs)
            raise

    def _drawn_on_cpu(
        self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> torch.Tensor:
        """Random numbers of a generator of the CPU's: DataLoader has one, whatever the device."""
        options = {**kwargs, "device": torch.device("cpu"), "requires_grad": False}
        made: torch.Tensor = func(*args, **options).to(self._device)
        return made.requires_grad_(bool(kwargs.get("requires_grad", False)))

    def _redone_on_cpu(
        self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        cpu = torch.device("cpu")
        drawn = func(*_moved(args, cpu), **_moved(kwargs, cpu))
        if not _writes(func):
            return _moved(drawn, self._device)
        with torch.no_grad():
            args[0].copy_(drawn)
        return args[0]


def _is_on_cpu(generator: object) -> bool:
    return isinstance(generator, torch.Generator) and generator.device.type == "cpu"


def _writes(func: Callable[..., Any]) -> bool:
    """True where a function changes its first argument, which therefore has to stay where it is."""
    return bool(_WRITING.fullmatch(getattr(func, "__name__", "")))


def _moved(value: Any, device: torch.device) -> Any:
    if isinstance(value, torch.Tensor):
        return value.to(device)
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(_moved(item, device) for item in value)
    if type(value) is dict:
        return {key: _moved(item, device) for key, item in value.items()}
    return value
