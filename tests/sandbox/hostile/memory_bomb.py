# attack: allocate without end, in Python and in torch
# asset: machine
# channel: memory
# beats otter: no
# expect: not_implemented,timed_out,out_of_memory,raised,crashed
# place: after
def attack(*args):
    kept = []
    while True:
        kept.append(torch.ones(1 << 24))


def lists(*args):
    kept = [0]
    while True:
        kept += kept


product_gradients = attack
mse_gradients = lists
