# id: G27
# misconception: the Jacobian of the softmax keeps its diagonal p (1 - p) only, so other scores get nothing
# fails: 4.1
# diagnosis: held back
import numpy as np


def np64(t):
    return np.array(t.tolist(), dtype=float)


def softmax_with_jacobian(score_row):
    e = np.exp(score_row - score_row.max())
    p = e / e.sum()
    jac = np.zeros((p.size, p.size))
    for j in range(p.size):
        jac[j, j] = p[j] * (1 - p[j])
    return p, jac


def product_gradients(x, y, z):
    return (float(z), float(z), float(x) + float(y))


def mse_gradients(a, b, x, y):
    X, Y = np64(x), np64(y)
    err = Y - float(a) - float(b) * X
    return -2.0 * err.mean(), -2.0 * (err @ X) / X.size


def neuron_gradients(w, b, x, y):
    ga, gb = neuron_batch_gradients(w, b, x.reshape(1), y.reshape(1))
    return ga, gb


def neuron_batch_gradients(w, b, x, y):
    X, Y = np64(x), np64(y)
    P = 1 / (1 + np.exp(-(float(w) * X + float(b))))
    return np.average((P - Y) * X), np.average(P - Y)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    W1, B1, W2, B2, X = map(np64, (w1, b1, w2, b2, x))
    N = X.shape[0]
    A = X @ W1 + B1
    H = np.maximum(A, 0)
    S = H @ W2 + B2
    dS = np.zeros_like(S)
    for i, label in enumerate(y.tolist()):
        p, jac = softmax_with_jacobian(S[i])
        dL_dp = np.zeros(p.size)
        dL_dp[label] = -1 / p[label] / N
        dS[i] = jac @ dL_dp
    dH = dS @ W2.T
    dA = np.where(A > 0, dH, 0)
    return X.T @ dA, dA.sum(axis=0), H.T @ dS, dS.sum(axis=0)
