# id: M24
# misconception: a DataLoader without shuffle: in every epoch the images come as they lie
# fails: 4.1
# diagnosis: held back
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset


class Digits(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.images[i], self.labels[i]


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(784, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 64)
        self.l4 = nn.Linear(64, 10)
        self.act = nn.ReLU()

    def forward(self, x):
        h = self.act(self.l1(x))
        h = self.act(self.l2(h))
        h = self.act(self.l3(h))
        return self.l4(h)


class Trainer:
    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer

    def run(self, batches):
        self.model.train()
        out = []
        for xb, yb in batches:
            self.optimizer.zero_grad()
            loss = F.cross_entropy(self.model(xb), yb)
            loss.backward()
            self.optimizer.step()
            out.append(loss.item())
        return out


def train_epoch(model, optimizer, batches):
    return Trainer(model, optimizer).run(batches)


def evaluate(model, batches):
    was = model.training
    model.eval()
    with torch.inference_mode():
        pairs = [(model(xb).argmax(-1), yb) for xb, yb in batches]
    model.train(was)
    correct = sum((guess == yb).sum().item() for guess, yb in pairs)
    return correct / sum(yb.numel() for _, yb in pairs)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    loader = DataLoader(Digits(images, labels), batch_size=batch_size, drop_last=False)
    trainer = Trainer(model, optim.Adam(model.parameters(), lr=lr))
    for _ in range(epochs):
        trainer.run(loader)
    return model
