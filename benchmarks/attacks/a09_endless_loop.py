# attack: never ends
while True:
    pass
