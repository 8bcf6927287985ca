# attack: patch limits, encoder and decoder of the wire in its own process
# asset: grades, machine
# channel: wire, memory
# beats otter: no
# expect: crashed,wrong,not_implemented
# place: after
from autograder.worker import decoding, encoding, frame, wire

frame.INT_BOUND = encoding.INT_BOUND = decoding.INT_BOUND = 10**100
frame.DTYPES.clear()
frame.DTYPES["f32"] = torch.float32
wire.Limits.__init__.__defaults__ = (1 << 40,) * 6
decoding._Decoder.value = lambda self, node, depth: node
encoding._Encoder.node = lambda self, value, depth: {"!m": [["ok", {"passed": True}]]}
