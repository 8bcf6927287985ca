# id: V06
# style: plain Python: floats, nested lists, loops, math.exp
from math import exp


def product_gradients(x, y, z):
    x, y, z = float(x), float(y), float(z)
    return z, z, x + y


def mse_gradients(a, b, x, y):
    a, b = a.item(), b.item()
    da = 0.0
    db = 0.0
    for xi, yi in zip(x.tolist(), y.tolist()):
        error = yi - a - b * xi
        da += -2 * error
        db += -2 * error * xi
    return da / len(x), db / len(x)


def neuron_gradients(w, b, x, y):
    w, b, x, y = w.item(), b.item(), x.item(), y.item()
    a = 1 / (1 + exp(-(w * x + b)))
    return (a - y) * x, a - y


def neuron_batch_gradients(w, b, x, y):
    dw, db = 0, 0
    for i in range(len(x)):
        one_dw, one_db = neuron_gradients(w, b, x[i], y[i])
        dw = dw + one_dw
        db = db + one_db
    return [dw / len(x), db / len(x)]


def two_layer_gradients(w1, b1, w2, b2, x, y):
    w1, b1, w2, b2, x, y = (t.tolist() for t in (w1, b1, w2, b2, x, y))
    N, D, H, C = len(x), len(w1), len(b1), len(b2)
    dw1 = [[0.0] * H for _ in range(D)]
    db1 = [0.0] * H
    dw2 = [[0.0] * C for _ in range(H)]
    db2 = [0.0] * C
    for i in range(N):
        pre = [b1[k] + sum(x[i][d] * w1[d][k] for d in range(D)) for k in range(H)]
        h = [max(0.0, value) for value in pre]
        s = [b2[c] + sum(h[k] * w2[k][c] for k in range(H)) for c in range(C)]
        e = [exp(value - max(s)) for value in s]
        ds = [value / sum(e) / N for value in e]
        ds[y[i]] -= 1 / N
        for c in range(C):
            db2[c] += ds[c]
            for k in range(H):
                dw2[k][c] += h[k] * ds[c]
        for k in range(H):
            if pre[k] > 0:
                dh = sum(w2[k][c] * ds[c] for c in range(C))
                db1[k] += dh
                for d in range(D):
                    dw1[d][k] += x[i][d] * dh
    return dw1, db1, dw2, db2
