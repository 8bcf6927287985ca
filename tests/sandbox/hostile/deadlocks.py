# attack: wait for locks that nobody opens: the import lock, the logging lock, a pipe, a child, itself
# asset: time of others
# channel: time, processes
# beats otter: no
# expect: timed_out,not_implemented
# place: after
import os
import threading


def product_gradients(*args):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def mse_gradients(*args):
    reading, _ = os.pipe()
    os.read(reading, 1)


def neuron_gradients(*args):
    threading.Thread(target=threading.Event().wait).start()
    threading.current_thread = threading.main_thread
    for thread in threading.enumerate()[1:]:
        thread.join()
