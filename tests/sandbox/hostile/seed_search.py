# attack: recover torch's 32-bit seed from the drawn inputs
# asset: seeds
# channel: results
# beats otter: no
# expect: timed_out,not_implemented,raised
# place: after
def attack(*args):
    first = args[0].reshape(-1)[:1]
    for seed in (*range(1000), torch.initial_seed()):
        for draw in (torch.randn, torch.rand):
            torch.manual_seed(seed)
            sample = draw(64)
            if (sample == first).any() or (2 * sample - 1 == first).any():
                raise RuntimeError(f"ESCAPED: inputs come from seed {seed}")
    raise NotImplementedError


product_gradients = attack
