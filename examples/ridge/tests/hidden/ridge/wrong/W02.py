# id: W02
# misconception: the errors are added up and not averaged
# fails: 2.1
import torch


def ridge_loss(w, x, y, penalty):
    return ((x @ w - y) ** 2).mean() + penalty * (w**2).sum()


def ridge_gradient(w, x, y, penalty):
    return 2 / len(x) * x.T @ (x @ w - y) + 2 * penalty * w


def ridge_weights(x, y, penalty):
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1]), x.T @ y)
