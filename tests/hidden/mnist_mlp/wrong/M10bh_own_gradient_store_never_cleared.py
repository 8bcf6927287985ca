# id: M10b
# misconception: collects the gradients of an epoch in lists of its own, emptied before the loop over the batches only
# fails: 2.1
# diagnosis: held back
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [784, 64, 64, 64, 10]
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x).relu()
        return last(x)


def train_epoch(model, optimizer, batches):
    model.train()
    criterion = nn.CrossEntropyLoss()
    parameters = [p for p in model.parameters() if p.requires_grad]
    store = [torch.zeros_like(p) for p in parameters]
    losses = []
    for x, y in batches:
        loss = criterion(model(x), y)
        for kept, new in zip(store, torch.autograd.grad(loss, parameters)):
            kept += new
        for p, g in zip(parameters, store):
            p.grad = g.clone()
        optimizer.step()
        losses.append(loss.item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    hits = []
    with torch.no_grad():
        for x, y in batches:
            hits += (model(x).argmax(1) == y).tolist()
    model.train(mode)
    return sum(hits) / len(hits)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    net = MLP()
    adam = torch.optim.Adam(net.parameters(), lr=lr)
    loader = DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True)
    for _ in range(epochs):
        for x, y in loader:
            adam.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            adam.step()
    return net
