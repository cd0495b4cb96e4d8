import { ProgramError } from '../errors';
import type { ExecutorOptions } from '../executor';
import type { Program, StateSpec, TypedArray } from '../program';
import { sizeOf } from '../references';

/**
 * Every state tensor of the programs, once.
 * @throws ProgramError where programs disagree about one, or where the initial state does not fit.
 */
export function collectState({ programs, initialState }: ExecutorOptions): ReadonlyMap<string, StateSpec> {
  const specs = new Map<string, StateSpec>();
  for (const program of programs) {
    for (const spec of program.state) {
      const known = specs.get(spec.name);
      if (known && known.shape.join() !== spec.shape.join()) {
        throw badState(
          `The state "${spec.name}" has the shape [${known.shape.join(', ')}] in one program, and [${spec.shape.join(', ')}] in ${program.name}.`,
        );
      }
      specs.set(spec.name, spec);
    }
  }
  for (const { name, shape } of specs.values()) {
    const values = Object.hasOwn(initialState, name) ? initialState[name] : undefined;
    if (!values) throw badState(`The initial state lacks "${name}".`);
    checkSize(name, shape, values);
  }
  return specs;
}

/** @throws ProgramError where a value names no state tensor, or has another size. */
export function checkState(
  specs: ReadonlyMap<string, StateSpec>,
  values: Readonly<Record<string, Float32Array>>,
): void {
  for (const [name, array] of Object.entries(values)) {
    const spec = specs.get(name);
    if (!spec) throw badState(`There is no state "${name}".`);
    checkSize(name, spec.shape, array);
  }
}

/** @throws ProgramError where an input is missing, or has another size. */
export function checkInputs({ name, inputs }: Program, given: Readonly<Record<string, TypedArray>>): void {
  for (const input of inputs) {
    const values = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
    if (values?.length === sizeOf(input.spec.shape)) continue;
    const what = values ? `${values.length} numbers` : 'nothing';
    throw new ProgramError(
      'executor/bad-input',
      `The input "${input.name}" of ${name} needs [${input.spec.shape.join(', ')}] numbers, but got ${what}.`,
    );
  }
}

/** @throws ProgramError where there is no program of that name. */
export function findProgram<Entry>(programs: ReadonlyMap<string, Entry>, name: string): Entry {
  const found = programs.get(name);
  if (found) return found;
  const known = [...programs.keys()].join(', ');
  throw new ProgramError('executor/unknown-program', `There is no program "${name}". The programs are: ${known}.`);
}

/** @throws ProgramError where the executor was disposed. */
export function checkAlive(disposed: boolean): void {
  if (disposed) throw new ProgramError('executor/disposed', 'The executor was disposed. Create another one.');
}

function checkSize(name: string, shape: readonly number[], values: Float32Array): void {
  if (values.length === sizeOf(shape)) return;
  throw badState(`The state "${name}" has the shape [${shape.join(', ')}], but got ${values.length} numbers.`);
}

function badState(message: string): ProgramError {
  return new ProgramError('executor/bad-state', message);
}
