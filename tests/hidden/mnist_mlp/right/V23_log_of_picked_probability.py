# id: V23
# style: softmax in the loss, the right class's probability picked, minus its log
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

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        x = torch.relu(self.fc3(x))
        return self.fc4(x)


def cross_entropy(output, y):
    p = torch.softmax(output, dim=1)
    return -torch.log(p[torch.arange(len(y)), y]).mean()


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def evaluate(model, batches):
    before = model.training
    model.eval()
    right = total = 0
    for x, y in batches:
        with torch.no_grad():
            p = torch.softmax(model(x), dim=1)
        for row, label in zip(p, y):
            right += row.tolist().index(max(row.tolist())) == label.item()
            total += 1
    model.train(before)
    return right / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        batches = [(images[i], labels[i]) for i in order.split(batch_size)]
        train_epoch(model, optimizer, batches)
    return model
