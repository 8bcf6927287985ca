# attack: while True in a function
# asset: time of others
# channel: time
# beats otter: 15
# expect: timed_out,not_implemented
# place: after
def attack(*args):
    while True:
        pass


product_gradients = attack
