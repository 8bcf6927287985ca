# id: V14c
# style: F.linear and F.*, weight (1, D); torch.optim with a closure
import torch
import torch.nn.functional as F


def sigmoid(z):
    return F.sigmoid(z)


def bce_with_logits(logits, y):
    return F.binary_cross_entropy_with_logits(logits.squeeze(-1) if logits.dim() > 1 else logits, y.view(-1))


class LogisticRegression(torch.nn.Module):
    def __init__(self, n_features):
        super(LogisticRegression, self).__init__()
        self.weight = torch.nn.Parameter(torch.empty(1, n_features).normal_(0, 0.1))
        self.bias = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)[:, 0]


def train(model, x, y, lr, n_epochs):
    opt = torch.optim.SGD(model.parameters(), lr)
    history = []

    def closure():
        opt.zero_grad(set_to_none=False)
        loss = bce_with_logits(model(x), y)
        loss.backward()
        return loss

    for _ in range(n_epochs):
        history.append(opt.step(closure).detach())
    return torch.stack(history)


def probabilities(model, x):
    return F.logsigmoid(model(x)).exp()


def labels(model, x):
    return (probabilities(model, x) > 0.5).int()


def accuracy(model, x, y):
    return torch.mean(labels(model, x).eq(y.view(-1)).float())
