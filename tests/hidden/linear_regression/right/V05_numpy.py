# id: V05
# style: NumPy with the gradient from pen and paper, arrays and np.float32 returned
import numpy as np


def to_numpy(*tensors):
    return [t.numpy() if hasattr(t, "numpy") else np.asarray(t) for t in tensors]


def mse_loss(w, b, x, y):
    w, b, x, y = to_numpy(w, b, x, y)
    return np.mean((x.dot(w) + b - y) ** 2)


def loss_gradients(w, b, x, y):
    w, b, x, y = to_numpy(w, b, x, y)
    r = x.dot(w) + b - y
    return 2 * x.T.dot(r) / len(y), 2 * r.mean()


def gradient_descent(x, y, w, b, lr, n_epochs):
    w, b, x, y = to_numpy(w, b, x, y)
    losses = np.zeros(n_epochs)
    for i in range(n_epochs):
        losses[i] = mse_loss(w, b, x, y)
        dw, db = loss_gradients(w, b, x, y)
        w, b = w - lr * dw, b - lr * db
    return w, b, losses


def sgd(batches, w, b, lr):
    w, b = to_numpy(w, b)
    losses = []
    for xb, yb in batches:
        w, b, loss = gradient_descent(xb, yb, w, b, lr, 1)
        losses.append(loss[0])
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    return gradient_descent(x, y, w, b, lr, n_epochs)
