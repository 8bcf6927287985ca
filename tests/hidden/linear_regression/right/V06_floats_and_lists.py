# id: V06
# style: plain Python: floats, lists and loops over samples and features
def predict(w, b, row):
    return sum(wj * xj for wj, xj in zip(w, row)) + b


def mse_loss(w, b, x, y):
    w, b, x, y = numbers(w), float(b), numbers(x), numbers(y)
    return sum((t - predict(w, b, row)) ** 2 for row, t in zip(x, y)) / len(y)


def loss_gradients(w, b, x, y):
    w, b, x, y = numbers(w), float(b), numbers(x), numbers(y)
    dw, db = [0.0] * len(w), 0.0
    for row, t in zip(x, y):
        error = predict(w, b, row) - t
        for j, xj in enumerate(row):
            dw[j] += 2 * error * xj / len(y)
        db += 2 * error / len(y)
    return dw, db


def gradient_descent(x, y, w, b, lr, n_epochs):
    return sgd([(x, y)] * n_epochs, w, b, lr)


def sgd(batches, w, b, lr):
    w, b, losses = numbers(w), float(b), []
    for x, y in batches:
        losses.append(mse_loss(w, b, x, y))
        dw, db = loss_gradients(w, b, x, y)
        w = [wj - lr * dj for wj, dj in zip(w, dw)]
        b = b - lr * db
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    return gradient_descent(x, y, w, b, lr, n_epochs)


def numbers(values):
    return values.tolist() if hasattr(values, "tolist") else values
