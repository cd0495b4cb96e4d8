import type { MethodDescription } from '../../src/common/method';
import { optimizers } from '../../src/experiment/optimizer';
import { experimentShape } from '../../src/experiment/shape';
import type { KeyShape, Shape } from '../../src/experiment/shape';
import { sharings } from '../../src/experiment/sharing';
import { measures } from '../../src/relatedness';
import { weightings } from '../../src/weighting';

export interface KeyAt {
  readonly path: readonly string[];
  readonly key: KeyShape;
}

/** Every key of the experiment file, at every place where it can stand. */
export function everyKey(shape: Shape = experimentShape(), path: readonly string[] = []): KeyAt[] {
  switch (shape.type) {
    case 'object':
      return [...shape.keys.values()].flatMap((key) => {
        const at = [...path, key.name];
        return [{ path: at, key }, ...everyKey(key.value, at)];
      });
    case 'named':
      return everyKey(shape.entries, [...path, 'a name']);
    case 'either':
      return shape.options.flatMap((option) => everyKey(option, path));
    case 'list':
    case 'word':
    case 'text':
    case 'number':
    case 'boolean':
      return [];
  }
}

/** Every method, as `key: name` says it in a file. */
export const methodsByKey: readonly (readonly [key: string, table: readonly MethodDescription[]])[] = [
  ['model.sharing', sharings],
  ['training.optimizer', optimizers],
  ['training.weighting', weightings],
  ['relatedness.measures', measures],
];

export const everyMethod = methodsByKey.flatMap(([, table]) => table);
