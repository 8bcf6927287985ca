# id: M05b
# misconception: the loop over the layers counts wrong: no ReLU between the third and the last layer
# fails: 1.1 4.1
# diagnosis: held back
import torch
import torch.nn.functional as F
from torch import nn

DEPTH = 4


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(DEPTH):
            n_in = 784 if i == 0 else 64
            n_out = 10 if i == DEPTH - 1 else 64
            self.add_module(f"linear{i}", nn.Linear(n_in, n_out))

    def forward(self, x):
        for i in range(DEPTH):
            x = getattr(self, f"linear{i}")(x)
            if i < DEPTH - 2:
                x = F.relu(x)
        return x


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:

        def closure():
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            return loss

        losses.append(optimizer.step(closure).item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    table = torch.zeros(10, 10, dtype=torch.long)  # what it is, what the model says
    with torch.no_grad():
        for x, y in batches:
            for truth, guess in zip(y, model(x).argmax(dim=1)):
                table[truth, guess] += 1
    model.train(mode)
    return table.trace().item() / table.sum().item()


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        order = torch.randperm(len(images))
        chunks = zip(images[order].split(batch_size), labels[order].split(batch_size))
        train_epoch(model, optimizer, chunks)
    return model
