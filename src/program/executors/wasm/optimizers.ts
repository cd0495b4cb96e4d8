import { FunctionBody } from './assembler';

/** Four elements at once, then the rest one by one. `pointers` move on by the elements done. */
function overElements(
  body: FunctionBody,
  pointers: readonly number[],
  count: readonly number[],
  point: (width: 4 | 1) => void,
) {
  ([4, 1] as const).forEach((width, index) => {
    body.when(count[index], () =>
      body.loop(count[index], () => {
        point(width);
        for (const pointer of pointers) body.advance(pointer, 4 * width);
      }),
    );
  });
}

/** The parameters of the optimizers' functions: addresses, then how many fours and how many single elements. */
const addresses = (count: number) => [...Array<'i32'>(count).fill('i32'), 'i32', 'i32'] as const;

/**
 * Adam: (parameter, gradient, first, second, fours, ones, rate, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, keep). See
 * `adamStep` for the arithmetic.
 */
export function adamFunction(): FunctionBody {
  const body = new FunctionBody([...addresses(4), ...Array<'f32'>(7).fill('f32')]);
  const [parameter, gradient, first, second, fours, ones, ...numbers] = body.parameters.keys();
  const [rate, beta1, rest1, beta2, rest2, epsilon, keep] = numbers.map((number) => splatOnce(body, number));
  const [slope, newFirst, newSecond] = [body.local('v128'), body.local('v128'), body.local('v128')];
  const load = (pointer: number, width: 4 | 1) => {
    body.get(pointer);
    body.load(width, 0);
  };
  overElements(body, [parameter, gradient, first, second], [fours, ones], (width) => {
    load(gradient, width);
    body.set(slope);
    load(first, width);
    body.get(beta1);
    body.op('f32x4.mul');
    body.get(slope);
    body.get(rest1);
    body.op('f32x4.mul', 'f32x4.add');
    body.set(newFirst);
    load(second, width);
    body.get(beta2);
    body.op('f32x4.mul');
    body.get(slope);
    body.get(slope);
    body.op('f32x4.mul');
    body.get(rest2);
    body.op('f32x4.mul', 'f32x4.add');
    body.set(newSecond);
    for (const [pointer, value] of [
      [first, newFirst],
      [second, newSecond],
    ]) {
      body.get(pointer);
      body.get(value);
      body.store(width, 0);
    }
    body.get(parameter);
    load(parameter, width);
    body.get(keep);
    body.op('f32x4.mul');
    body.get(newFirst);
    body.get(rate);
    body.op('f32x4.mul');
    body.get(newSecond);
    body.op('f32x4.sqrt');
    body.get(epsilon);
    body.op('f32x4.add', 'f32x4.div', 'f32x4.sub');
    body.store(width, 0);
  });
  return body;
}

/** Momentum: (parameter, gradient, velocity, fours, ones, rate, momentum, keep). See `momentumStep`. */
export function momentumFunction(): FunctionBody {
  const body = new FunctionBody([...addresses(3), 'f32', 'f32', 'f32']);
  const [parameter, gradient, velocity, fours, ones, ...numbers] = body.parameters.keys();
  const [rate, momentum, keep] = numbers.map((number) => splatOnce(body, number));
  const speed = body.local('v128');
  const load = (pointer: number, width: 4 | 1) => {
    body.get(pointer);
    body.load(width, 0);
  };
  overElements(body, [parameter, gradient, velocity], [fours, ones], (width) => {
    load(velocity, width);
    body.get(momentum);
    body.op('f32x4.mul');
    load(gradient, width);
    body.op('f32x4.add');
    body.set(speed);
    body.get(velocity);
    body.get(speed);
    body.store(width, 0);
    body.get(parameter);
    load(parameter, width);
    body.get(keep);
    body.op('f32x4.mul');
    body.get(speed);
    body.get(rate);
    body.op('f32x4.mul', 'f32x4.sub');
    body.store(width, 0);
  });
  return body;
}

function splatOnce(body: FunctionBody, parameter: number): number {
  const local = body.local('v128');
  body.get(parameter);
  body.op('f32x4.splat');
  body.set(local);
  return local;
}
