# id: M02
# misconception: softmax in forward and nll_loss, which expects log-probabilities
# fails: 1.1 2.1 4.1
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Module):
    def __init__(self):
        super(MLP, self).__init__()
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        x = self.fc4(x)
        return F.softmax(x, dim=1)


def train_epoch(model, optimizer, batches):
    model.train()
    criterion = nn.NLLLoss()
    losses = []
    for data in batches:
        X, y = data
        model.zero_grad()
        output = model(X)
        loss = criterion(output, y)
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
        for X, y in batches:
            output = model(X)
            for idx, i in enumerate(output):
                if torch.argmax(i) == y[idx]:
                    correct += 1
                total += 1
    model.train(mode)
    return correct / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    net = MLP()
    optimizer = optim.Adam(net.parameters(), lr=lr)
    trainset = DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True)
    for epoch in range(epochs):
        train_epoch(net, optimizer, trainset)
    return net
