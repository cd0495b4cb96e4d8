import type { Program, TensorSpec, TypedArray, Update, ValueRef } from './program';

/** Elements of a constant that are printed before an ellipsis. */
const shownElements = 4;

/** A program as text, one line per input, state, constant, node, update and output. */
export function printProgram(program: Program): string {
  const name = (reference: ValueRef) => referenceName(program, reference);
  const lines = [
    `program ${quoted(program.name)}`,
    ...program.inputs.map((input, index) => `  input ${index} ${quoted(input.name)}: ${printSpec(input.spec)}`),
    ...program.state.map(
      ({ name: state, shape }) => `  state ${quoted(state)}: ${printSpec({ shape, dtype: 'float32' })}`,
    ),
    ...program.constants.map(({ spec, values }, index) => `  c${index}: ${printSpec(spec)} = ${printValues(values)}`),
    ...program.nodes.map(({ kernel, inputs, attributes, outputs }, node) => {
      const results = outputs.map((spec, output) => `${name({ from: 'node', node, output })}: ${printSpec(spec)}`);
      const given = Object.entries(inputs).map(([input, reference]) => `${input}=${name(reference)}`);
      const settings = Object.entries(attributes).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      const details = settings.length > 0 ? ` {${settings.join(', ')}}` : '';
      return `  ${results.join(', ')} = ${kernel}(${given.join(', ')})${details}`;
    }),
    ...program.updates.map((update) => `  ${printUpdate(program, update)}`),
    ...program.outputs.map(
      (output) => `  output ${quoted(output.name)} = ${name(output.value)}: ${printSpec(output.spec)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function printUpdate(program: Program, update: Update): string {
  const state = (index: number) => quoted(program.state[index].name);
  const name = (reference: ValueRef) => referenceName(program, reference);
  switch (update.kind) {
    case 'assign':
      return `update ${state(update.state)} = ${name(update.value)}`;
    case 'adam':
      return (
        `update ${state(update.state)} by adam(gradient=${name(update.gradient)}, first=${state(update.firstMoment)}, ` +
        `second=${state(update.secondMoment)}, steps=${state(update.stepCount)}, rate=${name(update.learningRate)}) ` +
        `{beta1: ${update.beta1}, beta2: ${update.beta2}, epsilon: ${update.epsilon}, weightDecay: ${update.weightDecay}}`
      );
    case 'momentum':
      return (
        `update ${state(update.state)} by momentum(gradient=${name(update.gradient)}, ` +
        `velocity=${state(update.velocity)}, rate=${name(update.learningRate)}) ` +
        `{momentum: ${update.momentum}, weightDecay: ${update.weightDecay}}`
      );
  }
}

function referenceName(program: Program, reference: ValueRef): string {
  switch (reference.from) {
    case 'input':
      return quoted(program.inputs[reference.index].name);
    case 'state':
      return quoted(program.state[reference.index].name);
    case 'constant':
      return `c${reference.index}`;
    case 'node': {
      const many = program.nodes[reference.node].outputs.length > 1;
      return `%${reference.node}${many ? `.${reference.output}` : ''}`;
    }
  }
}

const shortTypes = { float32: 'f32', int32: 'i32', bool: 'bool' } as const;

function printSpec({ shape, dtype }: TensorSpec): string {
  return `${shortTypes[dtype]}[${shape.join(', ')}]`;
}

function printValues(values: TypedArray): string {
  const shown = Array.from(values.subarray(0, shownElements), (value) => String(Number(value.toPrecision(6))));
  return `[${shown.join(', ')}${values.length > shownElements ? ', …' : ''}]`;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
