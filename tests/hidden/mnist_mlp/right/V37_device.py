# id: V37
# style: device handling everywhere; a Trainer class behind the functions
import torch
import torch.nn as nn

device = torch.device(
    "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 10)
        self.to(device)

    def forward(self, x):
        x = x.to(device)
        x = nn.functional.relu(self.fc1(x))
        x = nn.functional.relu(self.fc2(x))
        x = nn.functional.relu(self.fc3(x))
        return self.fc4(x)


class Trainer:
    def __init__(self, model, optimizer=None):
        self.model = model
        self.optimizer = optimizer
        self.criterion = nn.CrossEntropyLoss().to(device)

    def fit(self, batches):
        self.model.to(device).train()
        return [self.step(x.to(device), y.to(device)) for x, y in batches]

    def step(self, x, y):
        self.optimizer.zero_grad()
        loss = self.criterion(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.cpu().item()

    @torch.inference_mode()
    def accuracy(self, batches):
        mode = self.model.training
        self.model.to(device).eval()
        correct = total = 0
        for x, y in batches:
            x, y = x.to(device), y.to(device)
            correct += (self.model(x).argmax(dim=1) == y).sum().cpu().item()
            total += y.shape[0]
        self.model.train(mode)
        return correct / total


def train_epoch(model, optimizer, batches):
    return Trainer(model, optimizer).fit(batches)


def evaluate(model, batches):
    return Trainer(model).accuracy(batches)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP().to(device)
    trainer = Trainer(model, torch.optim.Adam(model.parameters(), lr=lr))
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        losses = trainer.fit([(images[i], labels[i]) for i in order.split(batch_size)])
        print(f"epoch {epoch + 1}/{epochs}: loss {sum(losses) / len(losses):.4f}")
    return model.cpu()
