# id: L09
# misconception: the 2 of the square comes down for the slope, but not for the intercept
# fails: 2.1
# diagnosis: held back
import torch
import torch.nn.functional as F


def product_gradients(x, y, z):
    grads = {"x": z * 1.0, "y": z * 1.0, "z": x + y}
    return grads["x"], grads["y"], grads["z"]


def mse_gradients(a, b, x, y):
    # multiply the square out:
    # mean(y^2) + a^2 + b^2 mean(x^2) - 2 a mean(y) - 2 b mean(xy) + 2 a b mean(x)
    mx, my = x.double().mean(), y.double().mean()
    mxx, mxy = (x.double() ** 2).mean(), (x.double() * y).mean()
    d_intercept = a - my + b * mx
    d_slope = 2 * b * mxx - 2 * mxy + 2 * a * mx
    return d_intercept, d_slope


def neuron_gradients(w, b, x, y):
    prob = torch.sigmoid(w * x + b)
    if y.item() == 1:
        slope = -(1 - prob)
    else:
        slope = prob
    return slope * x, slope


def neuron_batch_gradients(w, b, x, y):
    prob = torch.sigmoid(x * w + b)
    slope = torch.where(y == 1, prob - 1, prob)
    return torch.dot(slope, x) / x.size(0), slope.sum() / x.size(0)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    layer1 = torch.addmm(b1, x, w1)
    hidden = F.relu(layer1)
    probs = F.softmax(torch.addmm(b2, hidden, w2), dim=-1)
    d2 = (probs - F.one_hot(y, probs.shape[1]).to(probs.dtype)).div(x.shape[0])
    d1 = d2.mm(w2.t()).masked_fill(layer1 <= 0, 0.0)
    return x.t().mm(d1), d1.sum(0), hidden.t().mm(d2), d2.sum(0)
