"""Training steps compiled by jax. See protocol.ts for what it reads and prints."""

import json
import sys
import time

try:
    import jax
    import jax.numpy as jnp
except ImportError as error:
    print(json.dumps({"kind": "unavailable", "reason": str(error)}), flush=True)
    sys.exit()

ORDER = json.loads(sys.argv[1])
SHAPE = ORDER["shape"]
TASKS = SHAPE["tasks"]


def dense(key, inputs, units, stacked=()):
    limit = (6 / inputs) ** 0.5
    weights = jax.random.uniform(key, (*stacked, inputs, units), minval=-limit, maxval=limit)
    return {"weights": weights, "bias": jnp.zeros((*stacked, 1, units) if stacked else (units,))}


def parameters():
    keys = iter(jax.random.split(jax.random.PRNGKey(1), 32))
    hard = SHAPE["kind"] == "hard"
    widths = [SHAPE["inputs"], *(SHAPE["shared"] if hard else SHAPE["expert"])]
    stacked = () if hard else (SHAPE["experts"],)
    shared = [dense(next(keys), i, o, stacked) for i, o in zip(widths, widths[1:])]
    own = [dense(next(keys), widths[-1], SHAPE["head"], (TASKS,)), dense(next(keys), SHAPE["head"], 1, (TASKS,))]
    gates = None if hard else dense(next(keys), SHAPE["inputs"], SHAPE["experts"], (TASKS,))
    return {"shared": shared, "own": {"heads": own, "gates": gates}}


def apply(layer, x):
    return x @ layer["weights"] + layer["bias"]


def losses(shared, own, x, targets):
    """One mean squared error per task; heads and experts are stacked."""
    hidden = x
    for layer in shared:
        hidden = jax.nn.relu(apply(layer, hidden))
    if own["gates"] is not None:
        gates = jax.nn.softmax(apply(own["gates"], x), axis=-1)
        hidden = jnp.einsum("tbe,ebu->tbu", gates, hidden)
    first, last = own["heads"]
    outputs = apply(last, jax.nn.relu(apply(first, hidden)))[..., 0]
    return jnp.mean((outputs - targets) ** 2, axis=1)


def equal(params, x, targets):
    def total(values):
        each = losses(values["shared"], values["own"], x, targets)
        return each.sum(), each

    (_, each), gradients = jax.value_and_grad(total, has_aux=True)(params)
    return each, gradients


def pcgrad(params, x, targets):
    """The gradients of all tasks at once; PCGrad by their Gramian, the tasks in a fixed order."""
    each, pull = jax.vjp(lambda shared, own: losses(shared, own, x, targets), params["shared"], params["own"])
    rows = jax.vmap(lambda chosen: pull(chosen)[0])(jnp.eye(TASKS))
    flat = jnp.concatenate([leaf.reshape(TASKS, -1) for leaf in jax.tree.leaves(rows)], axis=1)
    gramian = flat @ flat.T
    weights = jnp.eye(TASKS)
    for j in range(TASKS):
        products = jnp.minimum(weights @ gramian[:, j], 0)
        weights = weights.at[:, j].add(-products / (gramian[j, j] + 1e-8))
    combined = weights.sum(0)
    shared = jax.tree.map(lambda leaf: jnp.tensordot(combined, leaf, 1), rows)
    return each, {"shared": shared, "own": pull(jnp.ones(TASKS))[1]}


@jax.jit
def step(state, x, targets):
    params, first, second, count = state
    each, gradients = (pcgrad if ORDER["gradients"] else equal)(params, x, targets)
    count = count + 1
    rate = 1e-3 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), params, first, second)
    return (params, first, second, count), each


def main():
    params = parameters()
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = (params, zeros, zeros, jnp.float32(0))
    x = jax.random.uniform(jax.random.PRNGKey(2), (SHAPE["batch"], SHAPE["inputs"]), minval=-1, maxval=1)
    targets = (x[:, :TASKS] * x[:, TASKS : TASKS + 1]).T
    print(json.dumps({"kind": "ready", "versions": {"jax": jax.__version__}}), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            state, each = step(state, x, targets)
            jax.block_until_ready((state, each))
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps({"kind": "times", "rows": {"": times}}), flush=True)


main()
