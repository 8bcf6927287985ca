import torch
from torch.nn.functional import cross_entropy


def one_pass(model, optimizer, batches):
    model.train()
    for x, y in batches:
        optimizer.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        yield loss.item()


def count(model, batches):
    with torch.no_grad():
        for x, y in batches:
            yield (model(x).argmax(dim=1) == y).sum().item(), len(y)


def random_batches(images, labels, batch_size):
    order = torch.randperm(len(images))
    return [(images[i], labels[i]) for i in order.split(batch_size)]
