import type { EngineName } from '../executor';
import type { Program } from '../program';
import { mergeCommonSubexpressions } from './commonSubexpressions';
import { removeDeadNodes } from './deadNodes';
import { fuseBias, transposeOperands } from './matrixProducts';
import { fuseReluGradients } from './reluGradients';
import { foldConstants, simplify } from './simplify';

/** All passes that pay on an engine, in their order. The result computes the same. */
export function optimize(program: Program, engine: EngineName): Program {
  const passes = [
    removeDeadNodes,
    simplify,
    foldConstants,
    simplify,
    ...(engine === 'wasm' ? [transposeOperands, simplify] : []),
    mergeCommonSubexpressions,
    ...(engine === 'wasm' ? [fuseBias, simplify] : []),
    ...(engine === 'native' ? [fuseReluGradients] : []),
    mergeCommonSubexpressions,
    removeDeadNodes,
  ];
  return passes.reduce((current, pass) => pass(current), program);
}
