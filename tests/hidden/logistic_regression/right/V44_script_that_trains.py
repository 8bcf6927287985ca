# id: V44
# style: a script with plots, top-level training, a seed and a main guard; DataLoader of one batch
import argparse

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=30)
args, _ = parser.parse_known_args()
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def sigmoid(z):
    return torch.sigmoid(z)


def bce_with_logits(logits, y):
    return nn.functional.binary_cross_entropy_with_logits(logits.flatten(), y.flatten())


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.linear(x).squeeze(dim=1)


def train(model, x, y, lr, n_epochs):
    model.to(device)
    loader = DataLoader(TensorDataset(x, y), batch_size=len(x), shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(n_epochs):
        for inputs, targets in loader:
            outputs = model(inputs.to(device))
            loss = bce_with_logits(outputs, targets.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"Epoch {epoch + 1}/{n_epochs} | loss {losses[-1]:.2f}")
    return losses


def probabilities(model, x):
    return sigmoid(model(x.to(device))).cpu()


def labels(model, x):
    return (probabilities(model, x) >= 0.5).long()


def accuracy(model, x, y):
    total = correct = 0
    for row, target in zip(x, y.flatten()):
        correct += int(labels(model, row[None]).item() == target.item())
        total += 1
    return correct / total


X = torch.randn(40, 2) + torch.tensor([1.0, -1.0])
Y = (X.sum(1) > 0).float()
net = LogisticRegression(2)
history = train(net, X, Y, 0.5, args.epochs)
plt.plot(history)
plt.show()

if __name__ == "__main__":
    print("accuracy", accuracy(net, X, Y))
