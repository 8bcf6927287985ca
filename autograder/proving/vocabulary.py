"""Which word of Python or torch a student writes in place of which other one: the tables of `mutations` and `calls`.

Source: notes/misconceptions.md, the catalogue of students' bugs.
"""

import ast
from collections.abc import Mapping
from typing import Final

#: How an operator is written.
SYMBOLS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.And: "and",
    ast.Or: "or",
}

#: Operators in its place. A comparison gets its other boundary first, then its opposite.
OPERATORS: Final[Mapping[str, tuple[str, ...]]] = {
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "//": ("/",),
    "%": ("//",),
    "@": ("*",),
    "**": ("*",),
    "&": ("|",),
    "|": ("&",),
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "is": ("is not",),
    "is not": ("is",),
    "in": ("not in",),
    "not in": ("in",),
    "and": ("or",),
    "or": ("and",),
}

#: Modules whose functions take as an argument what a method is called on.
MODULES: Final = frozenset({"torch", "nn", "F", "functional", "np", "numpy", "math"})

#: Functions of Python itself that have a sibling there.
BUILT_IN: Final = frozenset({"max", "min", "any", "all"})

REDUCTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "sum": ("mean",),
    "mean": ("sum",),
    "max": ("min",),
    "min": ("max",),
    "amax": ("amin",),
    "amin": ("amax",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "any": ("all",),
    "all": ("any",),
}

#: Functions that are taken for one another.
SIBLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "exp": ("exp2", "expm1"),
    "log": ("log2", "log10", "log1p"),
    "log1p": ("log",),
    "sqrt": ("square",),
    "square": ("abs",),
    "abs": ("square",),
    "sigmoid": ("tanh",),
    "tanh": ("sigmoid",),
    "relu": ("tanh",),
    "softmax": ("log_softmax",),
    "log_softmax": ("softmax",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "sub_": ("add_",),
    "add_": ("sub_",),
    "mse_loss": ("l1_loss",),
    "MSELoss": ("L1Loss",),
    "SGD": ("Adam",),
    "Adam": ("SGD", "AdamW"),
    "randperm": ("arange",),
}

#: Activations as layers.
ACTIVATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "ReLU": ("Identity", "Tanh"),
    "Identity": ("ReLU",),
    "Tanh": ("Identity", "ReLU"),
    "Sigmoid": ("Identity", "Tanh"),
    "Softmax": ("LogSoftmax",),
    "LogSoftmax": ("Softmax",),
}

#: The two results of a reduction along an axis.
RESULTS: Final[Mapping[str, str]] = {"values": "indices", "indices": "values"}

#: The two arguments of clamp.
BOUNDS: Final[Mapping[str, str]] = {"min": "max", "max": "min"}

#: Calls that a student forgets, so that what they are about goes on as it is.
PASSES: Final = frozenset(
    {"relu", "abs", "exp", "log", "log1p", "sqrt", "square", "sigmoid", "tanh", "clamp"}
    | {"softmax", "log_softmax", "sum", "mean", "argmax", "one_hot", "float", "long", "int"}
    | {"clone", "detach", "item", "requires_grad_", "contiguous"}
    | {"squeeze", "unsqueeze", "reshape", "view", "flatten", "t", "transpose", "permute"}
)

#: Calls whose first argument beside what they are about is an axis.
WITH_AXIS: Final = frozenset(
    {"sum", "mean", "prod", "std", "var", "max", "min", "amax", "amin", "argmax", "argmin"}
    | {"any", "all", "softmax", "log_softmax", "logsumexp", "cumsum", "sort", "argsort"}
    | {"cat", "stack", "squeeze", "unsqueeze"}
)

AXIS_KEYWORDS: Final = frozenset({"dim", "axis", "keepdim", "keepdims"})

#: Calls whose numbers are a shape.
SHAPES: Final = frozenset({"reshape", "view", "permute", "transpose", "flatten", "expand"})

#: Layers whose arguments by position are sizes.
LAYERS: Final = frozenset(
    {"Linear", "Conv1d", "Conv2d", "ConvTranspose2d", "Embedding", "RNN", "GRU", "LSTM"}
    | {"BatchNorm1d", "BatchNorm2d", "LayerNorm", "MaxPool2d", "AvgPool2d"}
)

LAYERS_WITH_BIAS: Final = frozenset({"Linear", "Conv1d", "Conv2d", "ConvTranspose2d"})

#: Losses that take their mean unless they are told otherwise.
LOSSES: Final = frozenset(
    {"cross_entropy", "nll_loss", "mse_loss", "l1_loss"}
    | {"binary_cross_entropy", "binary_cross_entropy_with_logits"}
    | {"CrossEntropyLoss", "NLLLoss", "MSELoss", "L1Loss", "BCELoss", "BCEWithLogitsLoss"}
)
