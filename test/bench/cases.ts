import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ContenderSpec } from './contender';
import type { PairsOrder } from './pairsWorker';
import { shapes, type Shape, type StepOrder } from './shapes';

/** Something to measure: contenders that take turns. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly contenders: readonly ContenderSpec[];
}

export interface Places {
  /** The bundled worker.ts. */
  readonly worker: string;
  /** The folder of the Python programs. */
  readonly programs: string;
  readonly python: string;
  /** The bundled train.js. */
  readonly trainScript: string;
  /** The data file of the case `data`. */
  readonly table: string;
  /** Where a table of the same size goes, if that file is not there. */
  readonly generated: string;
}

/** What the contender of the case `data` is told on its command line, as JSON. */
export type DataOrder = Pick<Places, 'table' | 'generated'>;

export function allCases(places: Places, quick: boolean): readonly Case[] {
  const { tiny, small, wide, mixture } = shapes;
  const runOrder = JSON.stringify({ rows: quick ? 2560 : 25600 });
  return [
    {
      name: 'small',
      title: 'A training step: 5 tasks, shared 100-100-100, heads 100-1, batch 128, Adam',
      contenders: stepContenders(places, small, false, true),
    },
    {
      name: 'wide',
      title: 'A wide step: 10 tasks, shared 512-512, heads 100-1, batch 1024, Adam',
      contenders: [...stepContenders(places, wide, false, !quick), ...withTwoThreads(places, wide)],
    },
    {
      name: 'mixture',
      title: 'MMoE, many small matrices: 8 experts 64-32 with a gate per task, 5 tasks, heads 16-1, batch 256, Adam',
      contenders: stepContenders(places, mixture, false, true),
    },
    {
      name: 'tiny',
      title: 'A tiny step, where calls cost more than arithmetic: 2 tasks, shared 10-10, heads 10-1, batch 16, Adam',
      contenders: stepContenders(places, tiny, false, false),
    },
    {
      name: 'small-gradients',
      title: 'The small step with the gradients of the tasks and their Gramian (PCGrad)',
      contenders: stepContenders(places, small, true, false),
    },
    {
      name: 'wide-gradients',
      title: 'The wide step with the gradients of the tasks and their Gramian (PCGrad)',
      contenders: stepContenders(places, wide, true, false),
    },
    {
      name: 'run',
      title: 'A run through the real trainer, the small model: milliseconds per step',
      contenders: (['native', 'wasm'] as const).map((engine) => ours(places, engine, ['run', engine, runOrder], 1)),
    },
    {
      name: 'pairs',
      title: 'The 28 pair runs of 8 tasks on wasm, the small model, two processes at a time; milliseconds of all',
      contenders: [
        ours(
          places,
          'pairs',
          ['pairs', JSON.stringify({ trainScript: places.trainScript, rows: quick ? 640 : 5120 } satisfies PairsOrder)],
          1,
        ),
      ],
    },
    {
      name: 'weighing',
      title: 'What a method takes to weigh 10 tasks by the Gramian of their gradients',
      contenders: [ours(places, 'weighing', ['weighing'], 1)],
    },
    {
      name: 'grouping',
      title: 'Grouping tasks into 4: exact up to 20 tasks, by search above',
      contenders: [ours(places, 'grouping', ['grouping'], 1)],
    },
    dataCase(places),
  ];
}

/** DuckDB reads with all cores. */
function dataCase(places: Places): Case {
  const { table, generated } = places;
  const what = existsSync(table)
    ? path.basename(table)
    : `a generated table of the size of ${path.basename(table)}, which is not here`;
  return {
    name: 'data',
    title: `Reading, encoding and batching ${what} (99,762 x 42): milliseconds, with all cores`,
    contenders: [ours(places, 'data', ['data', JSON.stringify({ table, generated } satisfies DataOrder)], 1)],
  };
}

function stepContenders(places: Places, shape: Shape, gradients: boolean, eager: boolean): ContenderSpec[] {
  const order = JSON.stringify({ shape, gradients, threads: 1 } satisfies StepOrder);
  return [
    ours(places, 'native', ['step', 'native', order], 1),
    ours(places, 'wasm', ['step', 'wasm', order], 1),
    ...(eager ? [ours(places, 'eager tfjs on wasm', ['eager', 'wasm', order], 1)] : []),
    theirs(places, 'PyTorch', 'pytorch_step.py', order, 1),
    theirs(places, 'jax.jit', 'jax_step.py', order, 1),
  ];
}

function withTwoThreads(places: Places, shape: Shape): ContenderSpec[] {
  const order = JSON.stringify({ shape, gradients: false, threads: 2 } satisfies StepOrder);
  return [
    ours(places, 'native, 2 threads', ['step', 'native', order], 2),
    theirs(places, 'PyTorch, 2 threads', 'pytorch_step.py', order, 2),
    theirs(places, 'jax.jit, 2 threads', 'jax_step.py', order, 2),
  ];
}

function ours({ worker }: Places, name: string, parameters: readonly string[], threads: number): ContenderSpec {
  return { name, command: process.execPath, parameters: [worker, ...parameters], threads };
}

function theirs({ programs, python }: Places, name: string, file: string, order: string, threads: number) {
  return { name, command: python, parameters: [`${programs}/${file}`, order], threads };
}
