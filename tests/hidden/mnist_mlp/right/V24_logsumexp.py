# id: V24
# style: cross entropy written with logsumexp and gather, sum divided by the size of the batch
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        for k, (n_in, n_out) in enumerate([(784, 64), (64, 64), (64, 64), (64, 10)], start=1):
            setattr(self, f"linear{k}", nn.Linear(n_in, n_out))

    def forward(self, x):
        h = self.linear1(x).clamp_min(0)
        h = self.linear2(h).clamp_min(0)
        h = torch.maximum(self.linear3(h), torch.zeros(()))
        return self.linear4(h)


def minus_log_p(scores, y):
    right = scores.gather(1, y.unsqueeze(1)).squeeze(1)
    return torch.logsumexp(scores, dim=1) - right


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = minus_log_p(model(x), y).sum() / x.shape[0]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    hits, n = 0, 0
    with torch.no_grad():
        for x, y in batches:
            scores = model(x)
            best = scores.max(dim=1, keepdim=True).values
            hits += int((scores == best)[torch.arange(len(y)), y].sum())
            n += len(y)
    model.train(mode)
    return hits / n


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(params=model.parameters(), lr=lr)
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        images, labels = images[order], labels[order]
        batches = list(zip(images.split(batch_size), labels.split(batch_size)))
        train_epoch(model, optimizer, batches)
    return model
