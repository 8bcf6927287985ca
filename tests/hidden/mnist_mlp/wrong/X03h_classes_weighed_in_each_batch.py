# id: X03
# misconception: weighs each image by one over the count of its digit in the batch: a mean over classes, not images
# fails: 2.1
# diagnosis: held back
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def linear_stack(*widths):
    for k in range(len(widths) - 1):
        if k > 0:
            yield nn.ReLU()
        yield nn.Linear(widths[k], widths[k + 1])


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*linear_stack(784, 64, 64, 64, 10))

    def forward(self, x):
        return self.net(x)


def rarity(y):
    """One over how often each digit is in the batch; 0 where it is not there."""
    counts = torch.bincount(y, minlength=10).float()
    return torch.where(counts > 0, 1 / counts.clamp(min=1), torch.zeros(10))


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        criterion = nn.CrossEntropyLoss(weight=rarity(y))
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def evaluate(model, batches):
    state = model.training
    n_ok, n_all = 0, 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                outputs = model(x).numpy()
                n_ok += int((outputs.argmax(axis=1) == y.numpy()).sum())
                n_all += y.shape[0]
    finally:
        model.train(state)
    return n_ok / n_all


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP().train()
    adam = optim.Adam(model.parameters(), lr=lr)
    loader = DataLoader(TensorDataset(images, labels), batch_size, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    for _ in range(epochs):
        for x, y in loader:
            loss = criterion(model(x), y)
            loss.backward()
            adam.step()
            adam.zero_grad()
    return model
