# id: X01
# misconception: accumulates the gradients of two batches, halved, before the optimiser takes a step
# fails: 2.1
# diagnosis: held back
import torch
from torch import nn

ACCUMULATE = 2


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(
            nn.Linear(784, 64),
            nn.ReLU(inplace=True),
            nn.Linear(64, 64),
            nn.ReLU(inplace=True),
            nn.Linear(64, 64),
            nn.ReLU(inplace=True),
            nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.stack(x)


criterion = nn.CrossEntropyLoss()


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    optimizer.zero_grad()
    for i, (x, y) in enumerate(batches, start=1):
        loss = criterion(model(x), y)
        losses.append(loss.item())
        (loss / ACCUMULATE).backward()
        if i % ACCUMULATE == 0 or i == len(batches):
            optimizer.step()
            optimizer.zero_grad()
    return losses


def evaluate(model, batches):
    was_training = model.training
    model.eval()
    all_predictions, all_targets = [], []
    with torch.no_grad():
        for x, y in batches:
            all_predictions.append(model(x).topk(1, dim=1).indices.squeeze(1))
            all_targets.append(y)
    if was_training:
        model.train()
    same = torch.cat(all_predictions) == torch.cat(all_targets)
    return same.double().mean().item()


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        for idx in torch.utils.data.BatchSampler(
            torch.utils.data.RandomSampler(range(len(images))), batch_size, drop_last=False
        ):
            optimizer.zero_grad()
            criterion(model(images[idx]), labels[idx]).backward()
            optimizer.step()
    return model
