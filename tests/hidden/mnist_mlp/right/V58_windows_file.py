# id: V58
# style: Windows line ends, tabs, a byte order mark, umlauts in comments
import torch
from torch import nn


class MLP(nn.Module):
	"""Schichten für die Ziffern: 784 → 64 → 64 → 64 → 10"""
	def __init__(self):
		nn.Module.__init__(self)
		self.schicht1 = nn.Linear(784, 64)
		self.schicht2 = nn.Linear(64, 64)
		self.schicht3 = nn.Linear(64, 64)
		self.ausgabe = nn.Linear(64, 10)
		self.relu = nn.ReLU()

	def forward(self, x):
		x = self.relu(self.schicht1(x))
		x = self.relu(self.schicht2(x))
		x = self.relu(self.schicht3(x))
		return self.ausgabe(x)	# Logits, kein Softmax


def train_epoch(model, optimizer, batches):
	model.train()
	verlust = nn.CrossEntropyLoss()
	losses = []
	for x, y in batches:
		optimizer.zero_grad()
		loss = verlust(model(x), y)
		loss.backward()
		optimizer.step()
		losses.append(loss.item())
	return losses


def evaluate(model, batches):
	vorher = model.training
	model.eval()
	richtig, alle = 0, 0
	with torch.no_grad():
		for x, y in batches:
			richtig += (model(x).argmax(dim=1) == y).sum().item()
			alle += len(y)
	model.train(vorher)
	return richtig / alle


def train(images, labels, *, epochs, batch_size, lr, seed):
	torch.manual_seed(seed)
	model = MLP()
	optimizer = torch.optim.Adam(model.parameters(), lr=lr)
	for epoche in range(epochs):
		# Größe des letzten Stapels: der Rest
		reihenfolge = torch.randperm(len(images))
		train_epoch(model, optimizer, [(images[i], labels[i]) for i in reihenfolge.split(batch_size)])
	return model
