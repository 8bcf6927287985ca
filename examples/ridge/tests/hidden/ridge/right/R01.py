# id: R01
# style: NumPy, samples one by one, the inverse of a matrix
import numpy as np


def ridge_loss(w, x, y, penalty):
    w, x, y = w.numpy(), x.numpy(), y.numpy()
    squares = [(np.dot(row, w) - target) ** 2 for row, target in zip(x, y)]
    return float(np.mean(squares) + penalty * np.sum(w**2))


def ridge_gradient(w, x, y, penalty):
    w, x, y = w.numpy(), x.numpy(), y.numpy()
    slopes = [2 * (np.dot(row, w) - target) * row for row, target in zip(x, y)]
    return np.mean(slopes, axis=0) + 2 * penalty * w


def ridge_weights(x, y, penalty):
    x, y = x.numpy(), y.numpy()
    return np.linalg.inv(x.T @ x + len(x) * penalty * np.eye(x.shape[1])) @ x.T @ y
