from torch import nn


class LinearNet(nn.Module):
    def __init__(self, n_in):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(n_in, 1)])

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[..., 0]
