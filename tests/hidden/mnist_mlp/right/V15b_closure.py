# id: V15b
# style: optimizer.step(closure), which returns the loss before the step; Adam's defaults written out
import torch
from torch import nn, optim


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Sequential(
            nn.Linear(784, 64),
            nn.ReLU(inplace=True),
            nn.Linear(64, 64),
            nn.ReLU(inplace=True),
            nn.Linear(64, 64),
            nn.ReLU(inplace=True),
        )
        self.out = nn.Linear(64, 10)
        self.log_softmax = nn.LogSoftmax(dim=1)

    def forward(self, x):
        return self.log_softmax(self.out(self.hidden(x.view(-1, 784))))


def train_epoch(model, optimizer, batches):
    model.train()
    criterion = nn.CrossEntropyLoss(reduction="mean")
    losses = []
    for x, y in batches:

        def closure():
            optimizer.zero_grad(set_to_none=False)
            loss = criterion(model(x), y)
            loss.backward()
            return loss

        losses.append(optimizer.step(closure).item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    accuracy = 0.0
    n = sum(x.shape[0] for x, _ in batches)
    with torch.no_grad():
        for x, y in batches:
            best = model(x).max(dim=1).indices
            accuracy += torch.eq(best, y).double().mean().item() * len(y) / n
    model.train(mode)
    return accuracy


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = optim.Adam(
        model.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=False
    )
    n = images.shape[0]
    n_batches = -(-n // batch_size)
    for epoch in range(1, epochs + 1):
        perm = torch.randperm(n)
        epoch_batches = []
        for k in range(n_batches):
            index = perm[k * batch_size : min((k + 1) * batch_size, n)]
            epoch_batches.append((images[index], labels[index]))
        train_epoch(model, optimizer, epoch_batches)
    return model
