# id: V39
# style: PyTorch of 2017: Variable, .data, size_average
import torch
from torch.autograd import Variable


def sigmoid(z):
    return torch.nn.Sigmoid()(Variable(z)).data


def bce_with_logits(logits, y):
    crit = torch.nn.BCEWithLogitsLoss(size_average=True)
    return crit(Variable(logits.contiguous().view(-1)), Variable(y.contiguous().view(-1))).data


class LogisticRegression(torch.nn.Module):
    def __init__(self, n_features):
        super(LogisticRegression, self).__init__()
        self.linear = torch.nn.Linear(n_features, 1)

    def forward(self, x):
        y_pred = self.linear(x)
        return y_pred.view(-1)


def train(model, x, y, lr, n_epochs):
    x_data = Variable(x)
    y_data = Variable(y.contiguous().view(-1))
    criterion = torch.nn.BCEWithLogitsLoss(size_average=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(n_epochs):
        y_pred = model(x_data)
        loss = criterion(y_pred, y_data)
        losses.append(loss.data.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def probabilities(model, x):
    return sigmoid(model(Variable(x)).data)


def labels(model, x):
    return (probabilities(model, x) > 0.5).type(torch.LongTensor)


def accuracy(model, x, y):
    pred = labels(model, x)
    correct = pred.eq(y.contiguous().view(-1).long()).sum()
    return float(correct) / float(x.size()[0])
