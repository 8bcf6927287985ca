# id: V35b
# style: a Dataset of its own, RandomSampler and BatchSampler, which hand over whole batches
import torch
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler


class Digits(Dataset):
    def __init__(self, images, labels):
        self.images = images
        self.labels = labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index], self.labels[index]


class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)

    def forward(self, x):
        return torch.relu(self.linear(x))


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.block1 = Block(784, 64)
        self.block2 = Block(64, 64)
        self.block3 = Block(64, 64)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.block3(self.block2(self.block1(x))))


def train_epoch(model, optimizer, batches):
    criterion = nn.CrossEntropyLoss()
    losses = []
    for x, y in batches:
        model.train()
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for x, y in batches:
            _, predicted = torch.max(model(x), dim=1)
            correct += (predicted == y).sum().item()
            total += len(y)
    model.train(mode)
    return correct / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    data = Digits(images, labels)
    sampler = BatchSampler(RandomSampler(data), batch_size, drop_last=False)
    loader = DataLoader(data, sampler=sampler, batch_size=None)
    for epoch in range(epochs):
        train_epoch(model, optimizer, loader)
    return model
