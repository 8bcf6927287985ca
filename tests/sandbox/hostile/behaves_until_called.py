# attack: behave while canary and intake look; do what is forbidden in the judge's third call, in a thread
# asset: machine, other submissions
# channel: processes, network
# beats otter: no
# expect: wrong,timed_out,crashed
# place: after
import os
import signal
import socket
import threading

calls, news = [], []


def forbidden():
    for target in (os.getppid(), 1):
        try:
            if target not in (0, os.getpid()):
                os.kill(target, signal.SIGSTOP)
                news.append(f"ESCAPED: stopped {target}")
        except OSError:
            pass
    try:
        socket.create_connection(("127.0.0.1", 22), 0.2)
        news.append("ESCAPED: connected")
    except OSError:
        pass


def attack(*args):
    calls.append(1)
    if len(calls) % 3 == 1:
        thread = threading.Thread(target=forbidden)
        thread.start()
        thread.join(0.5)
    if news:
        raise RuntimeError(news[0])
    return args


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
