"""Activation functions and their derivatives."""

import torch


def sigmoid(z):
    return 1 / (1 + torch.exp(-z))


def relu(z):
    return z * (z > 0)


def relu_prime(z):
    return (z > 0).float()
