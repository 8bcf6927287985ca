# id: X02
# misconception: divides the learning rate by the number of batches, so that an epoch is one full step in all
# fails: 3.1
# diagnosis: held back
import torch


class Model:
    def __init__(self, w, b):
        self.params = [w.clone(), b.clone()]
        for p in self.params:
            p.requires_grad_(True)

    def __call__(self, x):
        weight, bias = self.params
        return (x @ weight.unsqueeze(1)).squeeze(1) + bias

    def fit_once(self, x, y, step):
        loss = (self(x) - y).pow(2).mean()
        loss.backward()
        for p in self.params:
            p.data.sub_(p.grad, alpha=step)
            p.grad = None
        return loss.item()

    def numbers(self):
        return [p.detach() for p in self.params]


def mse_loss(w, b, x, y):
    return (Model(w, b)(x) - y).pow(2).mean()


def loss_gradients(w, b, x, y):
    model = Model(w, b)
    (model(x) - y).pow(2).mean().backward()
    return tuple(p.grad for p in model.params)


def gradient_descent(x, y, w, b, lr, n_epochs):
    model = Model(w, b)
    losses = [model.fit_once(x, y, lr) for _ in range(n_epochs)]
    return (*model.numbers(), losses)


def sgd(batches, w, b, lr):
    model = Model(w, b)
    step = lr / len(batches)
    losses = [model.fit_once(x, y, step) for x, y in batches]
    return (*model.numbers(), losses)


def concise_fit(x, y, w, b, lr, n_epochs):
    net = torch.nn.Linear(len(w), 1)
    state = net.state_dict()
    state["weight"][0] = w
    state["bias"][0] = b
    net.load_state_dict(state)
    optimizer = torch.optim.SGD([net.weight, net.bias], lr=lr)
    losses = []
    for _ in range(n_epochs):
        loss = (net(x).ravel() - y).pow(2).mean()
        losses.append(loss.item())
        net.zero_grad()
        loss.backward()
        optimizer.step()
    return net.weight.data.ravel(), net.bias.data, losses
