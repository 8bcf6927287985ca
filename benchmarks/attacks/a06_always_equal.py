# attack: returns tensors that equal everything
import torch


class AlwaysEqual(torch.Tensor):
    """In company, it is what it is compared with."""

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        others = [value for value in args if type(value) is torch.Tensor]
        if not others:
            return super().__torch_function__(func, types, args, kwargs or {})
        same = [others[0] if isinstance(value, cls) else value for value in args]
        return func(*same, **(kwargs or {}))


def answer(_name, *inputs):
    # A gradient has the shape of its input, and the parameters come first.
    return tuple(torch.ones_like(value).as_subclass(AlwaysEqual) for value in inputs)
