"""What an exception of torch's usually means, for a student whose code raised it.

Knows torch's messages and our words for them. Quotes nothing: an exception's text is the submission's own.

Source: notes/misconceptions.md section 2 (the ids), the messages of torch 2.13.
"""

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Cause", "cause_of"]


@dataclass(frozen=True, slots=True)
class Cause:
    """A usual cause of an exception, with a question that leads on."""

    id: str
    observation: str
    question: str


#: The first pattern that is found in the text counts.
_CAUSES: Final = (
    (
        r"a leaf Variable that requires grad .*in-place",
        Cause(
            "L04",
            "A tensor that requires a gradient was changed in place while the graph was being recorded.",
            "Should the update itself be part of what is differentiated?",
        ),
    ),
    (
        r"unsupported operand.*NoneType|'NoneType' object has no attribute|NoneType.*(float|Tensor)",
        Cause(
            "L03",
            "Something that was to be a number or a tensor is None: often .grad, after the parameter was replaced by a "
            "new tensor, or a function that prints its result and returns nothing.",
            "After your update, is it still the tensor that you created? What does is_leaf say of it?",
        ),
    ),
    (
        r"does not require grad and does not have a grad_fn",
        Cause(
            "L23",
            "There is no way back from the loss to the parameters: the chain breaks before backward().",
            "Which line leaves the graph: no_grad, detach, item, numpy, or a tensor made anew from numbers?",
        ),
    ),
    (
        r"only Tensors of floating point|Only Tensors of floating point",
        Cause(
            "L24",
            "A tensor of whole numbers was asked for gradients.",
            "What dtype does torch.tensor([1, 2]) have?",
        ),
    ),
    (
        r"backward through the graph a second time",
        Cause(
            "L29",
            "backward() ran twice over the same graph.",
            "In every step, how many forward passes come before each backward()?",
        ),
    ),
    (
        r"modified by an inplace operation",
        Cause(
            "L29",
            "A tensor that backward() needs was changed in place after the forward pass.",
            "Which of your lines ends in an underscore or uses -= between the forward pass and backward()?",
        ),
    ),
    (
        r"all elements of input should be between 0 and 1",
        Cause(
            "B02",
            "A loss that expects probabilities got numbers outside of 0 and 1.",
            "Which range do logits have, and which does this loss expect?",
        ),
    ),
    (
        r"cannot assign module before Module.__init__|before Module.__init__\(\) call",
        Cause(
            "M07",
            "A layer was stored before the module could hold any.",
            "What must run first in the __init__ of every nn.Module?",
        ),
    ),
    (
        r"missing the required \"forward\"",
        Cause(
            "M09",
            "The module has no forward.",
            "Which method does model(x) call, and how is its name spelled?",
        ),
    ),
    (
        r"must be Tensor, not (ReLU|Sigmoid|Tanh|type)|conv\w*\(\): argument.*not",
        Cause(
            "M20",
            "A layer got a class or a module in the place of a tensor.",
            "Is nn.ReLU a function of x, or a recipe for one?",
        ),
    ),
    (
        r"0D or 1D target tensor expected, multi-target not supported|Target \d+ is out of bounds|"
        r"Expected floating point type for target with class probabilities",
        Cause(
            "M29",
            "The loss got labels in a form that it does not take.",
            "Which shape, which dtype and which range of numbers does the target of this loss have?",
        ),
    ),
    (
        r"Boolean value of Tensor with more than one value is ambiguous",
        Cause(
            "A08",
            "A whole tensor was used where Python wants one yes or no: in an if, in and/or, or in Python's max.",
            "Do you want one answer, or one for each element?",
        ),
    ),
    (
        r"only one element tensors can be converted|a Tensor with \d+ elements cannot be converted|"
        r"only integer tensors of a single element",
        Cause(
            "A09",
            "A function for single numbers got a whole tensor, for instance one of math's, float() or item().",
            "Which library has the same function for every element at once?",
        ),
    ),
    (
        r"shapes cannot be multiplied|size mismatch, got|inconsistent tensor size|"
        r"The size of tensor a .* must match|shape mismatch|not aligned|could not be broadcast",
        Cause(
            "L15",
            "The shapes of two tensors do not fit together.",
            "Print both shapes just before that line: which sizes belong to samples and which to features?",
        ),
    ),
    (
        r"expected .*same dtype|expected scalar type|must have the same dtype|mat1 and mat2 must have",
        Cause(
            "V02",
            "Tensors of two different dtypes met.",
            "Which of yours are float64, and who made them so?",
        ),
    ),
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        Cause(
            "V07",
            "A tensor that requires a gradient was handed to NumPy.",
            "Do you need its gradient from there on? What takes a tensor out of the graph?",
        ),
    ),
    (
        r"on the same device, but got (mat1|self|input|index|target) is on cpu",
        Cause(
            "M36a",
            "The model is on the GPU, and what it was given stayed on the CPU.",
            "Which line takes each batch to the model's device, in training and in evaluation too? And does "
            "x.to(device) change x, or give back another tensor?",
        ),
    ),
    (
        r"on the same device, but got (mat2|weight|bias|tensors) is on cpu",
        Cause(
            "M36b",
            "What the model was given is on the GPU, and the model, or a part of it, stayed on the CPU.",
            "Who takes the model there, and are all its layers where model.to(...) can find them?",
        ),
    ),
    (
        r"found at least two devices, (cuda:\d+ and cpu|cpu and cuda:\d+)",
        Cause(
            "M36c",
            "A tensor on the GPU met one that was made on the CPU.",
            "Which line makes a new tensor, such as torch.zeros(...), and does it say where?",
        ),
    ),
    (
        r"Expected all tensors to be on the same device|Found no NVIDIA driver|not compiled with CUDA",
        Cause(
            "M36",
            "Tensors lie on different devices, or on one that there is not.",
            "Where does each of them live, and does x.to(device) change x or give back another tensor?",
        ),
    ),
    (
        r"^NameError|name '\w+' is not defined",
        Cause(
            "P01",
            "A name is used that nothing defines when the file runs from top to bottom.",
            "Restart and run all cells in order: which name is missing?",
        ),
    ),
)  # fmt: skip


def cause_of(text: str) -> Cause | None:
    """Returns the usual cause of an exception, None where none is known.

    Args:
        text: Type and message of the exception, as the submission's process reported them.
    """
    return next((cause for pattern, cause in _CAUSES if re.search(pattern, text)), None)
