# id: L11
# misconception: the bias moves first, and the weights' gradient is taken at the bias that has moved already
# fails: 2.1 3.1
# diagnosis: held back
import torch


def forward(x, w, b):
    return torch.einsum("nd,d->n", x, w) + b


def mse_loss(w, b, x, y):
    return torch.nn.functional.mse_loss(forward(x, w, b), y)


def partial(which, parameters, x, y):
    """Derivative of the loss with respect to one of the parameters."""
    copies = {name: value.detach().clone() for name, value in parameters.items()}
    copies[which].requires_grad = True
    mse_loss(copies["w"], copies["b"], x, y).backward()
    return copies[which].grad


def loss_gradients(w, b, x, y):
    parameters = {"w": w, "b": b}
    return partial("w", parameters, x, y), partial("b", parameters, x, y)


def one_step(parameters, x, y, lr):
    for name in ("b", "w"):
        parameters[name] = parameters[name] - lr * partial(name, parameters, x, y)


def gradient_descent(x, y, w, b, lr, n_epochs):
    parameters, losses = {"w": w, "b": b}, []
    for _ in range(n_epochs):
        losses.append(mse_loss(parameters["w"], parameters["b"], x, y).item())
        one_step(parameters, x, y, lr)
    return parameters["w"], parameters["b"], losses


def sgd(batches, w, b, lr):
    parameters, losses = {"w": w, "b": b}, []
    for x, y in batches:
        losses.append(mse_loss(parameters["w"], parameters["b"], x, y).item())
        one_step(parameters, x, y, lr)
    return parameters["w"], parameters["b"], losses


def concise_fit(x, y, w, b, lr, n_epochs):
    layer = torch.nn.Linear(w.shape[0], 1, bias=True)
    torch.nn.utils.vector_to_parameters(torch.cat([w, b.view(1)]), layer.parameters())
    optimiser = torch.optim.SGD(layer.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        optimiser.zero_grad(set_to_none=False)
        loss = (layer(x).view(-1) - y).pow(2).mean()
        losses.append(float(loss))
        loss.backward()
        optimiser.step()
    flat = torch.nn.utils.parameters_to_vector(layer.parameters()).detach()
    return flat[:-1], flat[-1], losses
