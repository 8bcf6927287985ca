# id: V19
# style: clears the gradients once before the loop and then after every step
import torch
import torch.nn.functional as F
from torch import nn


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 10)
        self.act = nn.ReLU()

    def forward(self, x):
        x = torch.flatten(x, start_dim=1).float()
        x = self.act(self.fc1(x))
        x = self.act(self.fc2(x))
        x = self.act(self.fc3(x))
        return self.fc4(x)


def train_epoch(model, optimizer, batches):
    model.train()
    model.zero_grad()
    optimizer.zero_grad()
    losses = []
    for x, y in batches:
        loss = F.cross_entropy(model(x), y)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return losses


def evaluate(model, batches):
    if model.training:
        model.eval()
        accuracy = evaluate(model, batches)
        model.train()
        return accuracy
    hits = []
    for x, y in batches:
        with torch.no_grad():
            hits += (torch.topk(model(x), 1).indices[:, 0] == y).tolist()
    return hits.count(True) / len(hits)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    while epochs > 0:
        order = torch.argsort(torch.rand(len(images)))
        batches = []
        while len(order) > 0:
            now, order = order[:batch_size], order[batch_size:]
            batches.append((images[now], labels[now]))
        train_epoch(model, optimizer, batches)
        epochs -= 1
    return model
