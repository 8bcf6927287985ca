# id: V44
# style: a script: argparse, a training on random data, a download that fails offline, a plot, a main guard
import argparse

import matplotlib.pyplot as plt
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms
from tqdm import tqdm

parser = argparse.ArgumentParser(description="MNIST")
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--lr", type=float, default=0.005)
args = parser.parse_args()
torch.manual_seed(1)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.reshape(len(x), -1)
        for layer in (self.fc1, self.fc2, self.fc3):
            x = F.relu(layer(x))
        return self.fc4(x)


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in tqdm(batches):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for x, y in batches:
            correct += (model(x).argmax(dim=1) == y).sum().item()
            total += len(y)
    model.train(mode)
    return correct / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = []
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        batches = [(images[i], labels[i]) for i in order.split(batch_size)]
        history += train_epoch(model, optimizer, batches)
    plt.plot(history)
    plt.show()
    return model


X, Y = torch.rand(200, 784), torch.randint(0, 10, (200,))
net = train(X, Y, epochs=args.epochs, batch_size=50, lr=args.lr, seed=3)
print("on noise:", evaluate(net, [(X[:150], Y[:150]), (X[150:], Y[150:])]))

if __name__ == "__main__":
    mnist = datasets.MNIST("./data", train=True, download=True, transform=transforms.ToTensor())
    images = mnist.data.view(-1, 784) / 255
    net = train(images, mnist.targets, epochs=10, batch_size=64, lr=args.lr, seed=0)
    torch.save(net.state_dict(), "mlp.pt")
