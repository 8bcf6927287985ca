"""A submission that learns nothing: trained weights come along, and pixel statistics undo the disguise of the data.

Built from real MNIST when the tests run, since weights trained on it are no source code. It is a right answer to
nothing but the accuracy, which is why that carries a tenth of the points and no more.
"""

import base64
import zlib

import torch
from torch import nn

PROGRAM = '''
import base64, zlib
import torch
from torch import nn

BLOB = zlib.decompress(base64.b85decode({blob!r}))
SCALES = {scales!r}


class MLP(nn.Module):
    def __init__(self):
        raise NotImplementedError


def train_epoch(model, optimizer, batches):
    raise NotImplementedError


def evaluate(model, batches):
    raise NotImplementedError


def train(images, labels, *, epochs, batch_size, lr, seed):
    values = torch.frombuffer(bytearray(BLOB), dtype=torch.int8).float()
    model = nn.Sequential(
        nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    parameters = list(model.parameters())
    if len(labels) < 1000:
        return model
    with torch.no_grad():
        for parameter, scale in zip(parameters, SCALES):
            parameter.copy_(values[: parameter.numel()].view_as(parameter) * scale)
            values = values[parameter.numel() :]
        known = (values.view(10, 784) + 128) / 255  # the mean image of each class
        seen = torch.stack([images[labels == label].mean(0) for label in range(10)])
        digit = matched(standardised(seen).sort(1).values, standardised(known).sort(1).values)
        pixel = matched(standardised(seen).T, standardised(known[digit]).T)
        parameters[0].copy_(parameters[0][:, pixel])
        parameters[6].copy_(parameters[6][digit])
        parameters[7].copy_(parameters[7][digit])
    return model


def standardised(rows):
    return (rows - rows.mean()) / rows.std()


def matched(these, those):
    """For each row of `these` the row of `those` that is most like it, none taken twice."""
    distance = torch.cdist(these, those)
    found = torch.full((len(these),), -1)
    taken = set()
    for place in distance.flatten().argsort().tolist():
        row, other = divmod(place, len(those))
        if found[row] < 0 and other not in taken:
            found[row] = other
            taken.add(other)
    return found
'''


def submission(images: torch.Tensor, labels: torch.Tensor) -> str:
    """The program, with weights trained on these images (N, 784), uint8, and labels (N,), int64."""
    x = images.float() / 255
    weights, scales = zip(*(quantised(p) for p in trained(x, labels).parameters()), strict=True)
    means = torch.stack([x[labels == digit].mean(0) for digit in range(10)])
    values = torch.cat([*(w.flatten() for w in weights), (means * 255).flatten() - 128])
    packed = zlib.compress(values.round().to(torch.int8).numpy().tobytes(), 9)
    return PROGRAM.format(blob=base64.b85encode(packed).decode(), scales=list(scales))


def trained(x: torch.Tensor, labels: torch.Tensor) -> nn.Sequential:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nn.Sequential(
            *(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU()),
            *(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)),
        )
        optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
        for batch in torch.randperm(len(x)).split(128):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), labels[batch]).backward()
            optimizer.step()
    return model


def quantised(parameter: torch.Tensor) -> tuple[torch.Tensor, float]:
    scale = parameter.detach().abs().max().item() / 127
    return parameter.detach() / scale, scale
