# id: V22
# style: the lecture's code with its slips repaired: log_softmax and CrossEntropyLoss, net.zero_grad, a loop over rows
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class MLP(nn.Module):
    def __init__(self):
        super(MLP, self).__init__()
        self.fc1 = nn.Linear(28*28, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        x = self.fc4(x)
        return F.log_softmax(x, dim=1)


device = 'cuda' if torch.cuda.is_available() else 'cpu'
loss_criterion = nn.CrossEntropyLoss()


def train_epoch(net, optimizer, trainset):
    net.train()
    history = []
    for data in trainset:
        X, y = data
        net.zero_grad()
        output = net(X.view(-1, 784))
        loss = loss_criterion(output, y)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    print(loss)
    return history


def evaluate(net, testset):
    correct = 0
    total = 0
    was_training = net.training
    net.eval()
    with torch.no_grad():
        for data in testset:
            X, y = data
            output = net(X.view(-1, 784))
            for idx, i in enumerate(output):
                if torch.argmax(i) == y[idx]:
                    correct += 1
                total += 1
    net.train(was_training)
    print("Accuracy: ", round(correct/total, 2))
    return correct/total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    net = MLP()
    optimizer = optim.Adam(net.parameters(), lr=lr)
    dataset = torch.utils.data.TensorDataset(images, labels)
    trainset = torch.utils.data.DataLoader(dataset, batch_size=batch_size, shuffle=True)
    for epoch in range(epochs):
        train_epoch(net, optimizer, trainset)
    return net
