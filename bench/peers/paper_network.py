"""The paper's network with the attention of its equations 1 to 4, in PyTorch."""

import math

import torch
from torch import nn
from torch.nn import functional

FRAMES = 259
CLASSES = 4
BATCH = 51
LAMBDA = 0.8


class PaperNetwork(nn.Module):
    def __init__(self, channels=(5, 10, 20, 30), kernels=(11, 5, 3, 3), strides=(4, 1, 1, 1)):
        super().__init__()
        inputs = (1, *channels)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(inputs[i], channels[i], kernels[i], strides[i]) for i in range(len(channels))
        )
        self.attention = nn.Linear(channels[-1], channels[-1])
        self.u = nn.Parameter(torch.randn(channels[-1]) / math.sqrt(channels[-1]))
        self.classes = nn.Linear(channels[-1], CLASSES)
        for layer in (*self.convolutions, self.attention, self.classes):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, clips):
        """clips x 1 x frames -> clips x classes."""
        x = clips
        for layer, convolution in enumerate(self.convolutions, start=1):
            x = functional.relu(convolution(x))
            if layer in (1, 2, 4):
                x = functional.max_pool1d(x, 3, 2)
        a = x.transpose(1, 2)
        e = torch.tanh(self.attention(a)) @ self.u
        alpha = torch.softmax(LAMBDA * e, dim=1)
        c = (alpha.unsqueeze(1) @ a).squeeze(1)
        return self.classes(c)


def loss_of(network, clips, labels):
    return functional.cross_entropy(network(clips), labels, reduction="sum")


def optimiser_of(network):
    return torch.optim.Adam(network.parameters(), lr=0.001, betas=(0.9, 0.999), eps=1e-7, fused=True)


def batch():
    generator = torch.Generator().manual_seed(1)
    clips = torch.randn(BATCH, 1, FRAMES, generator=generator)
    labels = torch.randint(CLASSES, (BATCH,), generator=generator)
    return clips, labels
