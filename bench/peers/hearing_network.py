"""The small two-dimensional network that hears the spectrogram, in PyTorch: 88,276 parameters."""

import math

import torch
from torch import nn
from torch.nn import functional

FRAMES = 150
BANDS = 64
CLASSES = 4
BATCH = 32
LAMBDA = 0.3

# kernel, stride, channels, pooling (frames, bands) after it
LAYERS = (
    (5, 2, 16, (2, 2)),
    (3, 1, 32, None),
    (3, 1, 48, (2, 2)),
    (3, 1, 64, (1, 2)),
    (3, 1, 64, None),
)


class HearingNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList()
        self.norms = nn.ModuleList()
        inputs = 1
        for kernel, stride, channels, _ in LAYERS:
            self.convolutions.append(
                nn.Conv2d(inputs, channels, kernel, stride, padding=kernel // 2, bias=False)
            )
            self.norms.append(nn.BatchNorm2d(channels))
            inputs = channels
        self.attention = nn.Linear(inputs, inputs)
        self.u = nn.Parameter(torch.randn(inputs) / math.sqrt(inputs))
        self.dropout = nn.Dropout(0.3)
        self.classes = nn.Linear(inputs, CLASSES)

    def forward(self, clips):
        """clips x 1 x frames x bands -> clips x classes."""
        x = clips
        for convolution, norm, (*_, pool) in zip(self.convolutions, self.norms, LAYERS, strict=True):
            x = functional.relu(norm(convolution(x)))
            if pool is not None:
                x = functional.max_pool2d(x, pool)
        a = x.flatten(2).transpose(1, 2)
        e = torch.tanh(self.attention(a)) @ self.u
        alpha = torch.softmax(LAMBDA * e, dim=1)
        c = (alpha.unsqueeze(1) @ a).squeeze(1)
        return self.classes(self.dropout(c))


def loss_of(network, clips, labels):
    return functional.cross_entropy(network(clips), labels, label_smoothing=0.1)


def optimiser_of(network):
    return torch.optim.AdamW(network.parameters(), lr=0.002, weight_decay=0.01, fused=True)


def batch():
    generator = torch.Generator().manual_seed(1)
    clips = torch.randn(BATCH, 1, FRAMES, BANDS, generator=generator)
    labels = torch.randint(CLASSES, (BATCH,), generator=generator)
    return clips, labels
