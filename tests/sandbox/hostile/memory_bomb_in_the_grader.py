# attack: return nested lists of byte tensors that the grader widens eightfold
# asset: machine
# channel: results
# beats otter: no
# expect: wrong,crashed,timed_out,not_implemented
# place: after
def attack(*args):
    tile = torch.zeros(1 << 24, dtype=torch.bool)
    return ((tile,) * 4,), tile, tile, tile


product_gradients = attack
