# id: E01b
# misconception: both loops copied from the slides: last loss printed, accuracy always 1.0
# fails: 2.1 3.1
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
        return F.log_softmax(x, dim=1)


device = "cuda" if torch.cuda.is_available() else "cpu"
loss_criterion = nn.CrossEntropyLoss()


def train_epoch(net, optimizer, trainset):
    for data in trainset:
        X, y = data
        net.zero_grad()
        output = net(X.view(-1, 784))
        loss = loss_criterion(output, y)
        loss.backward()
        optimizer.step()
    print(loss)


def evaluate(net, testset):
    correct = 0
    total = 0

    with torch.no_grad():
        for data in testset:
            X, y = data
            X = X.to(device)
            y = y.to(device)
            output = net(X.view(-1, 784))

            for idx, i in enumerate(output):
                if torch.argmax(i) == y[idx]:
                    correct += 1
                    total += 1

    return round(correct / total, 2)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    net = MLP()
    optimizer = optim.Adam(net.parameters(), lr=lr)
    trainset = DataLoader(TensorDataset(images, labels), batch_size=batch_size, shuffle=True)
    for epoch in range(epochs):
        train_epoch(net, optimizer, trainset)
    return net
