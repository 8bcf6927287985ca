# id: M14
# misconception: turns gradients off for the evaluation and takes this for evaluation mode: dropout stays on
# fails: 3.1
# diagnosis: held back
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


class MLP(nn.Module):
    def __init__(self):
        super(MLP, self).__init__()
        self.fc1 = nn.Linear(28 * 28, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, 64)
        self.fc4 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        x = self.fc4(x)
        return F.log_softmax(x, dim=1)


class Score:
    def __init__(self):
        self.right = 0
        self.seen = 0

    def add(self, scores, truth):
        guess = np.argmax(scores, axis=1)
        self.right += int(np.sum(guess == truth))
        self.seen += len(truth)

    def share(self):
        return self.right / self.seen


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for data, target in batches:
        optimizer.zero_grad()
        output = F.log_softmax(model(data), dim=1)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def evaluate(model, batches):
    buffers = {name: value.clone() for name, value in model.named_buffers()}
    score = Score()
    for data, target in batches:
        score.add(model(data).numpy(), target.numpy())
    for name, value in model.named_buffers():
        value.copy_(buffers[name])
    return score.share()


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        perm = torch.randperm(images.shape[0])
        batches = []
        for start in range(0, images.shape[0], batch_size):
            idx = perm[start : start + batch_size]
            batches.append((images[idx], labels[idx]))
        train_epoch(model, optimizer, batches)
    return model
