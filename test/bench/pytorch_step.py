"""Training steps as a user of PyTorch writes them. See protocol.ts for what it reads and prints."""

import json
import random
import sys
import time

try:
    import torch
except ImportError as error:
    print(json.dumps({"kind": "unavailable", "reason": str(error)}), flush=True)
    sys.exit()
from torch import nn

ORDER = json.loads(sys.argv[1])
SHAPE = ORDER["shape"]


def layers(widths):
    pairs = zip(widths, widths[1:])
    return nn.Sequential(*[part for i, o in pairs for part in (nn.Linear(i, o), nn.ReLU())])


def head(width):
    return nn.Sequential(nn.Linear(width, SHAPE["head"]), nn.ReLU(), nn.Linear(SHAPE["head"], 1))


class Hard(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = layers([SHAPE["inputs"], *SHAPE["shared"]])
        self.heads = nn.ModuleList(head(SHAPE["shared"][-1]) for _ in range(SHAPE["tasks"]))

    def forward(self, x):
        hidden = self.shared(x)
        return [one(hidden).squeeze(1) for one in self.heads]


class Mixture(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList(layers([SHAPE["inputs"], *SHAPE["expert"]]) for _ in range(SHAPE["experts"]))
        self.gates = nn.ModuleList(nn.Linear(SHAPE["inputs"], SHAPE["experts"]) for _ in range(SHAPE["tasks"]))
        self.heads = nn.ModuleList(head(SHAPE["expert"][-1]) for _ in range(SHAPE["tasks"]))

    def forward(self, x):
        experts = torch.stack([expert(x) for expert in self.experts])
        outputs = []
        for gate, one in zip(self.gates, self.heads):
            mixed = torch.einsum("be,ebu->bu", torch.softmax(gate(x), dim=1), experts)
            outputs.append(one(mixed).squeeze(1))
        return outputs


def equal(losses, optimizer, _shared):
    optimizer.zero_grad()
    sum(losses).backward()
    optimizer.step()


def pcgrad(losses, optimizer, shared):
    """PCGrad (Yu et al., 2020) as LibMTL does it: one backward pass per task."""
    optimizer.zero_grad()
    tasks = len(losses)
    rows = []
    for task, loss in enumerate(losses):
        loss.backward(retain_graph=task + 1 < tasks)
        rows.append(torch.cat([parameter.grad.view(-1) for parameter in shared]))
        for parameter in shared:
            parameter.grad = None
    gradients = torch.stack(rows)
    projected = gradients.clone()
    for i in range(tasks):
        order = list(range(tasks))
        random.shuffle(order)
        for j in order:
            product = torch.dot(projected[i], gradients[j])
            if product < 0:
                projected[i] -= product * gradients[j] / (gradients[j].norm().pow(2) + 1e-8)
    combined = projected.sum(0)
    start = 0
    for parameter in shared:
        parameter.grad = combined[start : start + parameter.numel()].view_as(parameter)
        start += parameter.numel()
    optimizer.step()


def main():
    torch.set_num_threads(ORDER["threads"])
    torch.manual_seed(1)
    model = Hard() if SHAPE["kind"] == "hard" else Mixture()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    shared = list(model.shared.parameters()) if SHAPE["kind"] == "hard" else []
    x = torch.rand(SHAPE["batch"], SHAPE["inputs"]) * 2 - 1
    targets = [x[:, task] * x[:, SHAPE["tasks"]] for task in range(SHAPE["tasks"])]
    apply = pcgrad if ORDER["gradients"] else equal
    measure = nn.MSELoss()

    def step():
        losses = [measure(output, target) for output, target in zip(model(x), targets)]
        apply(losses, optimizer, shared)
        return losses

    print(json.dumps({"kind": "ready", "versions": {"torch": torch.__version__}}), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            losses = step()
            sum(losses).item()
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps({"kind": "times", "rows": {"": times}}), flush=True)


main()
