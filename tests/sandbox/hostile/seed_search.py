# attack: recover torch's 32-bit seed from the drawn inputs
# asset: seeds
# channel: results
# beats otter: no
# expect: timed_out,not_implemented,raised
# place: after
def attack(*args):
    first, second = (a.reshape(-1)[:1] for a in args[:2])
    for seed in (*range(1000), torch.initial_seed()):
        for draw in (torch.randn, torch.rand):
            torch.manual_seed(seed)
            sample = draw(64)
            # Two at once: one alone is luck in every thousandth call.
            if any((s == first).any() and (s == second).any() for s in (sample, 2 * sample - 1)):
                raise RuntimeError(f"ESCAPED: inputs come from seed {seed}")
    raise NotImplementedError


product_gradients = attack
