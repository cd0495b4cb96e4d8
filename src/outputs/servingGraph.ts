import { servingInputs, servingStep } from '../model/inference';
import type { Model } from '../model/model';
import { inferenceGraph, optimize, traceProgram, type Graph } from '../program';

/** Traced instead of any number of rows: a prime that no width of a layer is a multiple of. */
const manyRows = 1_000_003;

/**
 * A trained model as a TensorFlow graph that takes any number of rows, its weights constants. The signature
 * `serving_default` takes the encoded inputs of every table and gives the predictions of all tasks by name; where
 * there are several tables each has a signature of its name besides.
 * @throws ProgramError where the graph cannot hold the model.
 */
export function servingGraph(model: Model, parameters: Readonly<Record<string, Float32Array>>): Graph {
  const program = optimize(traceProgram(servingStep(model, manyRows)), 'cpu');
  const { nodes, signatures } = inferenceGraph(program, { state: parameters, freeRows: manyRows });
  const [{ inputs, outputs }] = signatures;
  const { streams, tasks } = model.taskSet;
  const names = servingInputs(model);
  const own = streams.map((stream, position) => ({
    name: names[position],
    inputs: { [names[position]]: inputs[names[position]] },
    outputs: Object.fromEntries(stream.tasks.map((task) => [tasks[task].name, outputs[tasks[task].name]])),
  }));
  return { nodes, signatures: [...signatures, ...(streams.length === 1 ? [] : own)] };
}
