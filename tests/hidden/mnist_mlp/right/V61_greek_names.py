# id: V61
# style: Greek letters, short names, everything a lambda or a comprehension where it can be
import torch
from torch import nn
from torch.nn.functional import log_softmax

σ = torch.relu


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.Θ = nn.ModuleList([nn.Linear(*s) for s in [(784, 64), (64, 64), (64, 64), (64, 10)]])

    def forward(self, x):
        θ1, θ2, θ3, θ4 = self.Θ
        return θ4(σ(θ3(σ(θ2(σ(θ1(x)))))))


ℓ = lambda model, x, y: -log_softmax(model(x), 1).gather(1, y[:, None]).mean()


def train_epoch(model, opt, B):
    model.train()
    L = []
    for x, y in B:
        opt.zero_grad()
        λ = ℓ(model, x, y)
        λ.backward()
        opt.step()
        L.append(λ.item())
    return L


def evaluate(model, B):
    mode = model.training
    model.eval()
    with torch.no_grad():
        z = [int(a == b) for x, y in B for a, b in zip(model(x).argmax(1), y)]
    model.train(mode)
    return sum(z) / len(z)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        π = torch.randperm(len(images))
        train_epoch(model, opt, [(images[i], labels[i]) for i in π.split(batch_size)])
    return model
