# id: W01
# misconception: the slope of the squared weights lacks its factor 2
# fails: 1.2
import torch


def ridge_loss(w, x, y, penalty):
    return ((x @ w - y) ** 2).mean() + penalty * (w**2).sum()


def ridge_gradient(w, x, y, penalty):
    return 2 / len(x) * x.T @ (x @ w - y) + penalty * w


def ridge_weights(x, y, penalty):
    matrix = x.T @ x + len(x) * penalty * torch.eye(x.shape[1])
    return torch.linalg.solve(matrix, x.T @ y)
