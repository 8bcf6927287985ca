# id: V61
# style: names and comments in Greek and Chinese, the Jacobian of the softmax in full
import torch


def σ(ζ):
    return 1 / (1 + torch.exp(-ζ))


def product_gradients(x, y, z):
    """返回三个梯度。"""
    θ = x + y  # 中间变量
    return z, z, θ


def mse_gradients(α, β, x, y):
    ε = y - α - β * x
    return -2 * ε.mean(), -2 * (ε * x).mean()


def neuron_gradients(w, b, x, y):
    δ = σ(w * x + b) - y  # ∂L/∂z
    return δ * x, δ


def neuron_batch_gradients(w, b, x, y):
    δ = σ(w * x + b) - y
    return (δ @ x) / len(x), δ.mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    Δw1, Δb1, Δw2, Δb2 = (torch.zeros_like(t) for t in (w1, b1, w2, b2))
    for xᵢ, yᵢ in zip(x, y):
        a = xᵢ @ w1 + b1
        h = torch.relu(a)
        p = torch.softmax(h @ w2 + b2, dim=0)
        J = torch.diag(p) - torch.outer(p, p)  # ∂p/∂s
        dp = torch.zeros_like(p)
        dp[yᵢ] = -1 / p[yᵢ]
        ds = J @ dp
        da = (w2 @ ds) * (a > 0)
        Δw1 += torch.outer(xᵢ, da) / len(x)
        Δb1 += da / len(x)
        Δw2 += torch.outer(h, ds) / len(x)
        Δb2 += ds / len(x)
    return Δw1, Δb1, Δw2, Δb2
