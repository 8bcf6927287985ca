import argparse
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
args = parser.parse_args()

strict = argparse.ArgumentParser()
strict.add_argument("data")
path = strict.parse_args().data


def double(x):
    return 2 * x


if __name__ == "__main__":
    while True:
        print(double(float(input())))

sys.exit(main())
