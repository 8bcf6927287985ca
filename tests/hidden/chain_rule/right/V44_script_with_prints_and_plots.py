# id: V44
# style: a script that prints, plots and trains at the top level, and has a main guard
import argparse

import matplotlib.pyplot as plt
import torch
from torchvision import datasets  # for later

torch.manual_seed(0)
parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=50)
args, _ = parser.parse_known_args()


def product_gradients(x, y, z):
    print("product_gradients was called with", x, y, z)
    return z, z, x + y


def mse_gradients(a, b, x, y):
    error = a + b * x - y
    return 2 * error.mean(), 2 * (error * x).mean()


def neuron_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    print(f"a = {a:.4f}")
    return (a - y) * x, a - y


def neuron_batch_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    return torch.mean((a - y) * x), torch.mean(a - y)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    z = x.matmul(w1) + b1
    h = torch.relu(z)
    p = torch.softmax(h.matmul(w2) + b2, dim=1)
    p = p - torch.nn.functional.one_hot(y, p.shape[1])
    p = p / y.shape[0]
    dz = p.matmul(w2.transpose(0, 1)) * torch.sign(h)
    return x.transpose(0, 1).matmul(dz), dz.sum(0), h.transpose(0, 1).matmul(p), p.sum(0)


# try it
print(product_gradients(torch.tensor(-2.0), torch.tensor(5.0), torch.tensor(-4.0)))
x_train = torch.linspace(0, 1, 20)
y_train = 1 + 2 * x_train + 0.1 * torch.randn(20)
a, b = torch.zeros(()), torch.zeros(())
losses = []
for epoch in range(args.epochs):
    da, db = mse_gradients(a, b, x_train, y_train)
    a, b = a - 0.5 * da, b - 0.5 * db
    losses.append(((y_train - a - b * x_train) ** 2).mean().item())
    if epoch % 10 == 0:
        print(epoch, losses[-1])

plt.figure(figsize=(8, 4))
plt.plot(losses)
plt.title("loss")
plt.show()

if __name__ == "__main__":
    print(neuron_gradients(*torch.tensor([0.23, 0.1, 1.23, 1.0])))
