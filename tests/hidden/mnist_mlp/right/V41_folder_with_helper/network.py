from torch import nn


def linear_relu(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, n_out), nn.ReLU())


class Perceptron(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.layers = nn.Sequential(
            linear_relu(n_in, n_hidden),
            linear_relu(n_hidden, n_hidden),
            linear_relu(n_hidden, n_hidden),
            nn.Linear(n_hidden, n_out),
        )

    def forward(self, x):
        return self.layers(x)
