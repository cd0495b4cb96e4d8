/**
 * PCGrad (Yu et al., 2020) on the Gramian of the task gradients, the tasks in a fixed order.
 * @returns what each task's gradient counts for in the combined one.
 */
export function projectedWeights(gramian: ArrayLike<number>, tasks: number): Float32Array {
  const combined = new Float32Array(tasks);
  for (let task = 0; task < tasks; task++) {
    const own = Float64Array.from({ length: tasks }, (_, other) => (other === task ? 1 : 0));
    for (let other = 0; other < tasks; other++) {
      if (other === task) continue;
      let product = 0;
      for (let part = 0; part < tasks; part++) product += own[part] * gramian[part * tasks + other];
      if (product < 0) own[other] -= product / (gramian[other * tasks + other] + 1e-8);
    }
    own.forEach((share, position) => (combined[position] += share));
  }
  return combined;
}
