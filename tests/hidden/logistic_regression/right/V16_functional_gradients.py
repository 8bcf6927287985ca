# id: V16
# style: torch.func: gradients of a pure function, copied back into the model
import torch
from torch import nn
from torch.func import functional_call, grad_and_value


def sigmoid(z):
    return torch.special.expit(z)


def bce_with_logits(logits, y):
    z, t = logits.reshape(-1), y.reshape(-1)
    signed = torch.where(t > 0.5, z, -z)
    return -nn.LogSigmoid()(signed).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(in_features=n_features, out_features=1)

    def forward(self, x):
        return self.linear(x).view(x.size(0))


def train(model, x, y, lr, n_epochs):
    params = {k: v.detach().clone() for k, v in model.named_parameters()}

    def loss_fn(params):
        return bce_with_logits(functional_call(model, params, (x,)), y)

    losses = []
    for _ in range(n_epochs):
        grads, loss = grad_and_value(loss_fn)(params)
        params = {k: params[k] - lr * grads[k] for k in params}
        losses.append(loss.item())
    model.load_state_dict(params)
    return losses


def probabilities(model, x):
    with torch.inference_mode():
        return sigmoid(model(x))


def labels(model, x):
    return probabilities(model, x).ge(0.5).long()


def accuracy(model, x, y):
    return 1.0 - torch.count_nonzero(labels(model, x) != y.reshape(-1)).item() / x.size(0)
