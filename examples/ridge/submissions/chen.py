import torch


def ridge_loss(w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.mean((x @ w - y) ** 2) + penalty * torch.sum(w**2)


def ridge_gradient(
    w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, penalty: float
) -> torch.Tensor:
    raise NotImplementedError("Task 1.2: ridge_gradient is not implemented yet.")


def ridge_weights(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    raise NotImplementedError("Task 2.1: ridge_weights is not implemented yet.")
