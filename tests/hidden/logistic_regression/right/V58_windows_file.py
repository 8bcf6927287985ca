# id: V58
# style: Windows line ends, tabs, Greek letters, a byte order mark
import torch
import torch.nn as nn
import torch.nn.functional as F


def sigmoid(z):
	"""σ(z) = 1 / (1 + e⁻ᶻ)"""
	return torch.reciprocal(1 + torch.exp(-z))


def bce_with_logits(logits, y):
	ŷ, y = logits.reshape(-1), y.reshape(-1)
	return F.binary_cross_entropy_with_logits(ŷ, y)


class LogisticRegression(nn.Module):
	def __init__(self, n_features):
		nn.Module.__init__(self)
		self.θ = nn.Linear(n_features, 1)

	def forward(self, x):
		return torch.sum(self.θ(x), dim=1)


def train(model, x, y, lr, n_epochs):
	η, verluste = lr, []
	optimierer = torch.optim.SGD(model.parameters(), lr=η)
	for _ in range(n_epochs):
		optimierer.zero_grad()
		verlust = bce_with_logits(model(x), y)
		verlust.backward()
		optimierer.step()
		verluste.append(verlust.item())
	return verluste


def probabilities(model, x):
	return sigmoid(model(x))


def labels(model, x):
	return torch.heaviside(model(x).detach(), torch.tensor(1.0)).long()


def accuracy(model, x, y):
	return (labels(model, x) == y.reshape(-1)).float().mean().item()
