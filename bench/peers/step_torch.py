"""Training steps in PyTorch on one thread, in turns.

    step_torch.py paper|hearing eager|compiled [channels-last]
"""

import importlib
import sys

import torch
import turns

WARM_UP = 20


def main(model, mode, layout="contiguous"):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    module = importlib.import_module(f"{model}_network")
    network = getattr(module, f"{model.capitalize()}Network")()
    clips, labels = module.batch()
    if layout == "channels-last":
        network = network.to(memory_format=torch.channels_last)
        clips = clips.to(memory_format=torch.channels_last)
    loss_of = torch.compile(module.loss_of) if mode == "compiled" else module.loss_of
    optimiser = module.optimiser_of(network)
    losses = []

    def step():
        optimiser.zero_grad()
        loss = loss_of(network, clips, labels)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())

    for _ in range(WARM_UP):
        step()
    if not losses[-1] < losses[0]:
        raise RuntimeError(f"the loss did not fall: {losses[0]} -> {losses[-1]}")
    turns.take_turns(
        step,
        version=torch.__version__,
        threads=torch.get_num_threads(),
        parameters=sum(p.numel() for p in network.parameters()),
    )


main(*sys.argv[1:])
