# id: V61
# style: Greek names, a lambda and a walrus, comprehensions instead of loops
import torch
from torch import nn

Δ = lambda ω, β, x, y: x @ ω + β - y  # noqa: E731


def mse_loss(ω, β, x, y):
    return (Δ(ω, β, x, y) ** 2).mean()


def loss_gradients(ω, β, x, y):
    θ = [t.clone().requires_grad_() for t in (ω, β)]
    mse_loss(*θ, x, y).backward()
    return tuple(t.grad for t in θ)


def schritt(ω, β, x, y, η):
    dω, dβ = loss_gradients(ω, β, x, y)
    return ω - η * dω, β - η * dβ


def gradient_descent(x, y, ω, β, η, epochen):
    verluste = [
        (ℓ := mse_loss(ω, β, x, y), (neu := schritt(ω, β, x, y, η)), ω := neu[0], β := neu[1])[0]
        for _ in range(epochen)
    ]
    return ω, β, verluste


def sgd(batches, ω, β, η):
    verluste = []
    for x, y in batches:
        verluste.append(mse_loss(ω, β, x, y))
        ω, β = schritt(ω, β, x, y, η)
    return ω, β, verluste


def concise_fit(x, y, ω, β, η, epochen):
    netz = nn.Linear(ω.shape[0], 1)
    netz.weight.data[:], netz.bias.data[:] = ω, β
    sgd_ = torch.optim.SGD(netz.parameters(), lr=η)

    def epoche():
        sgd_.zero_grad()
        verlust = nn.functional.mse_loss(netz(x).T[0], y)
        verlust.backward()
        sgd_.step()
        return verlust.item()

    verluste = [epoche() for _ in range(epochen)]
    return netz.weight.detach(), netz.bias.detach(), verluste
