# id: V24b
# style: nll_loss of log_softmax, in the network and once more in the loss; targets as one-hot in evaluate
import torch
import torch.nn as nn
import torch.nn.functional as F


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential()
        for i in range(3):
            self.net.add_module(f"fc{i}", nn.Linear(784 if i == 0 else 64, 64))
            self.net.add_module(f"relu{i}", nn.ReLU())
        self.net.add_module("fc3", nn.Linear(64, 10))

    def forward(self, x):
        return self.net(x).log_softmax(-1)


def train_epoch(model, optimizer, batches):
    model.train()
    nll = nn.NLLLoss()
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        log_p = F.log_softmax(model(x), dim=1)
        loss = nll(log_p, y)
        loss.backward()
        optimizer.step()
        losses += [loss.item()]
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    with torch.no_grad():
        outputs = torch.cat([model(x) for x, _ in batches])
    targets = torch.cat([y for _, y in batches])
    model.train(mode)
    chosen = F.one_hot(outputs.argmax(1), num_classes=10)
    wanted = F.one_hot(targets, num_classes=10)
    return (chosen * wanted).sum().item() / len(targets)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        chunks = torch.chunk(torch.randperm(len(images)), 1)[0].split(batch_size)
        train_epoch(model, optimizer, [(images[c], labels[c]) for c in chunks])
    return model
