# id: V39
# style: PyTorch of 2017: Variable, .data, max(1)[1], view_as, size_average
import warnings

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable

warnings.filterwarnings("ignore")


class MLP(nn.Module):
    def __init__(self):
        super(MLP, self).__init__()
        self.l1 = nn.Linear(784, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 64)
        self.l4 = nn.Linear(64, 10)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        x = F.relu(self.l1(x))
        x = F.relu(self.l2(x))
        x = F.relu(self.l3(x))
        return F.log_softmax(self.l4(x))


def train_epoch(model, optimizer, batches):
    model.train()
    criterion = nn.CrossEntropyLoss(size_average=True)
    losses = []
    for batch_idx, (data, target) in enumerate(batches):
        data, target = Variable(data), Variable(target)
        optimizer.zero_grad()
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        losses.append(loss.data.item())
        if batch_idx % 100 == 0:
            print("Train batch {} \tLoss: {:.6f}".format(batch_idx, loss.data))
    return losses


@torch.no_grad()
def evaluate(model, batches):
    training = model.training
    model.eval()
    correct = 0
    n = 0
    for data, target in batches:
        data, target = Variable(data), Variable(target)
        output = model(data)
        pred = output.data.max(1, keepdim=True)[1]
        correct += pred.eq(target.data.view_as(pred)).cpu().sum().item()
        n += len(data)
    model.train(training)
    return float(correct) / n


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        order = torch.randperm(images.size(0))
        batches = [(images[i], labels[i]) for i in order.split(batch_size)]
        train_epoch(model, optimizer, batches)
    return model
