import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Random } from '../../src/common/random';
import { methodNamed, norm, product, relativeDistance, weighStep, type Step } from './step';

interface Figures {
  readonly grad?: readonly (number | null)[] | null;
  readonly weights?: readonly (number | null)[] | null;
  readonly error?: string;
  readonly [more: string]: unknown;
}
interface Case {
  readonly grads: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly methods: Readonly<Record<string, Figures>>;
}

const golden = JSON.parse(readFileSync(path.join(import.meta.dirname, '../golden/golden.json'), 'utf8')) as {
  readonly cases: Readonly<Record<string, Case>>;
};
const cases = Object.entries(golden.cases);

type Setup = Pick<Step, 'options' | 'state' | 'history' | 'epoch' | 'random'>;

/** Draws what it is given. */
function scripted(values: readonly number[]): Random {
  let at = 0;
  const next = () => values[at++ % values.length];
  return { uniform: next, normal: next, integer: () => 0, state: () => [0, 0, 0, 0] };
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0].map((_, column) => rows.map((row) => row[column]));
}

const plain = (options: Step['options'] = {}) => ({ setup: (): Setup => ({ options }) });

interface Row {
  readonly method: string;
  /** Name of the figures in the file. */
  readonly figures: string;
  readonly setup: (figures: Figures, one: Case) => Setup;
  /** Factor from our convention to that of the figures. */
  readonly factor?: (one: Case) => number;
  /** 1e-6 unless the reference adds something against division by zero that shows. */
  readonly tolerance?: number;
  /** Which figures are the gradient, where it is not `grad`. */
  readonly gradient?: (figures: Figures) => readonly number[] | undefined;
}

const share = ({ losses }: Case) => 1 / losses.length;

const rows: readonly Row[] = [
  { method: 'equal', figures: 'libmtl:EW', ...plain() },
  {
    method: 'dwa',
    figures: 'libmtl:DWA(T=2)',
    setup: ({ loss_history }) => ({ history: transposed(loss_history as number[][]), epoch: 2 }),
  },
  { method: 'uncertainty', figures: 'libmtl:UW', ...plain() },
  { method: 'gls', figures: 'libmtl:GLS', ...plain() },
  {
    method: 'gradnorm',
    figures: 'libmtl:GradNorm(alpha=1.5)',
    setup: ({ initial_losses }) => ({ history: [initial_losses as number[]] }),
  },
  { method: 'mgda', figures: 'exact:min_norm(MGDA)', ...plain() },
  { method: 'imtl-g', figures: 'libmtl:IMTL', ...plain() },
  { method: 'imtl-g', figures: 'torchjd:IMTLG', ...plain() },
  { method: 'pcgrad', figures: 'torchjd:PCGrad(order 0..T-1)', ...plain() },
  { method: 'gradvac', figures: 'libmtl:GradVac(beta=0.5,whole)', ...plain() },
  {
    method: 'cagrad',
    figures: 'exact:CAGrad(c=0.5)',
    ...plain({ rescale: 0 }),
    gradient: ({ grad_rescale0 }) => grad_rescale0 as number[],
  },
  {
    method: 'cagrad',
    figures: 'exact:CAGrad(c=0.5)',
    ...plain(),
    gradient: ({ grad_rescale1 }) => grad_rescale1 as number[],
  },
  {
    method: 'cagrad',
    figures: 'exact:CAGrad(c=0.5)',
    ...plain({ rescale: 2 }),
    gradient: ({ grad_rescale0 }) => (grad_rescale0 as number[] | undefined)?.map((value) => value / 1.5),
  },
  { method: 'nash-mtl', figures: 'exact:Nash', ...plain({ maxNorm: 0 }) },
  {
    method: 'nash-mtl',
    figures: 'exact:Nash',
    ...plain(),
    gradient: ({ grad }) => (grad as number[] | undefined)?.map((value) => value / norm(grad as number[])),
  },
  { method: 'aligned-mtl', figures: 'libmtl:Aligned_MTL', ...plain() },
  { method: 'aligned-mtl', figures: 'torchjd:AlignedMTL(min)', ...plain(), factor: share },
  { method: 'aligned-mtl', figures: 'torchjd:AlignedMTL(median)', ...plain({ scale: 'median' }), factor: share },
  { method: 'aligned-mtl', figures: 'torchjd:AlignedMTL(rmse)', ...plain({ scale: 'rmse' }), factor: share },
  {
    method: 'stch',
    figures: 'libmtl:STCH(mu=1)',
    setup: ({ nadir }, { losses }) => ({ epoch: 5, state: { sums: nadir, counts: losses.map(() => 1) } }),
  },
  ...[1, 2].map((alpha): Row => ({
    method: 'fairgrad',
    figures: `libmtl:FairGrad(alpha=${alpha})`,
    ...plain({ alpha }),
    gradient: ({ exact_grad }) => exact_grad as number[],
  })),
  { method: 'db-mtl', figures: 'libmtl:DB_MTL(beta=.9)', ...plain() },
  { method: 'db-mtl', figures: 'libmtl:DB_MTL(beta=0)', ...plain({ beta: 0 }) },
  { method: 'moco', figures: 'libmtl:MoCo', ...plain() },
  { method: 'modo', figures: 'libmtl:MoDo', ...plain() },
  // 1e-8 beside the scale, carried through twenty descents.
  { method: 'sdmgrad', figures: 'libmtl:SDMGrad', ...plain(), tolerance: 1e-5 },
  { method: 'upgrad', figures: 'libmtl:UPGrad', ...plain({ regularisation: 1e-4 }) },
  { method: 'upgrad', figures: 'torchjd:UPGrad(reg_eps=0,norm_eps=0)', ...plain() },
  { method: 'dualproj', figures: 'torchjd:DualProj', ...plain({ regularisation: 1e-4 }) },
  { method: 'config', figures: 'torchjd:ConFIG', ...plain() },
  { method: 'graddrop', figures: 'torchjd:GradDrop(U=0.5)', setup: () => ({ random: scripted([0.5]) }) },
  { method: 'rlw', figures: 'RLW', setup: ({ z }) => ({ random: scripted(z as number[]) }) },
  { method: 'scale-invariant', figures: 'SI(scale-invariant, nash-mtl repo)', ...plain() },
];

describe.each(rows)('$method as $figures', ({ method, figures: name, setup, factor, tolerance = 1e-6, gradient }) => {
  const usable = cases.flatMap(([title, one]) => {
    const figures = one.methods[name];
    const expected = figures.error !== undefined ? undefined : gradient ? gradient(figures) : figures.grad;
    return expected?.every((value) => value !== null) ? [{ title, one, figures, expected }] : [];
  });

  test.each(usable)('$title', ({ one, figures, expected }) => {
    const taskOrder = one.losses.map((_, task) => task);
    const ours = weighStep(methodNamed(method), {
      gradients: one.grads,
      losses: one.losses,
      taskOrder,
      ...setup(figures, one),
    });
    const followed = ours.followed.map((value) => value * (factor?.(one) ?? 1));
    if (norm(expected) < 1e-12) expect(norm(followed)).toBeLessThan(1e-12);
    else expect(relativeDistance(followed, expected)).toBeLessThan(tolerance);
  });
});

test('every case and every method of the file is looked at', () => {
  const known = new Set([...rows.map(({ figures }) => figures), ...heldOtherwise]);
  for (const [, { methods }] of cases) expect(Object.keys(methods).filter((name) => !known.has(name))).toEqual([]);
});

/** Figures that are looked at below, that are not exact, or that are of methods that the workbench does not have. */
const heldOtherwise = [
  ...['libmtl:MGDA', 'libmtl:MGDA(l2)', 'libmtl:MGDA(loss)', 'libmtl:MGDA(loss+)', 'libmtl:FAMO', 'libmtl:ExcessMTL'],
  ...['torchjd:MGDA', 'torchjd:MGDA(eps=1e-12,iters=200000)', 'libmtl:PCGrad(order 0..T-1)', 'torchjd:UPGrad'],
  ...[0, 1, 2].map((rescale) => `libmtl:CAGrad(c=0.5,rescale=${rescale})`),
  ...[
    'torchjd:CAGrad(c=0.5)',
    'torchjd:CAGrad(c=1)',
    'libmtl:Nash_MTL(max_norm=1)',
    'libmtl:Nash_MTL(max_norm=0)',
    'torchjd:NashMTL',
  ],
  ...['torchjd:Mean', 'torchjd:Sum', 'torchjd:TrimmedMean(1)', 'torchjd:Krum(1,2)', 'geometry'],
];

test.each([0, 1, 2])('cagrad follows the mean where one gradient is zero, as LibMTL does (rescale %i)', (rescale) => {
  const one = golden.cases.t3_zero_grad;
  const { followed } = weighStep(methodNamed('cagrad'), { gradients: one.grads, options: { rescale } });
  const figures = one.methods[`libmtl:CAGrad(c=0.5,rescale=${rescale})`];
  expect(relativeDistance(followed, figures.grad as number[])).toBeLessThan(1e-6);
});

describe('certificates of exactness', () => {
  const normalisers = {
    none: () => 1,
    l2: (_: number, length: number) => length || 1,
    loss: (loss: number) => loss,
    'loss+': (loss: number, length: number) => loss * (length || 1),
  };
  test.each(cases.flatMap(([title, one]) => Object.keys(normalisers).map((normalise) => ({ title, one, normalise }))))(
    'mgda ($normalise) of $title: no normalised gradient falls short of the step',
    ({ one, normalise }) => {
      const divisor = normalisers[normalise as keyof typeof normalisers];
      const scaled = one.grads.map((row, t) => row.map((value) => value / divisor(one.losses[t], norm(row))));
      const { followed } = weighStep(methodNamed('mgda'), {
        gradients: one.grads,
        losses: one.losses,
        options: { normalise },
      });
      const square = product(followed, followed);
      for (const row of scaled) {
        const short = square - product(row, followed);
        expect(short).toBeLessThanOrEqual(1e-8 * square + 1e-12 * norm(row) * norm(followed));
      }
      const figures = one.methods[normalise === 'none' ? 'libmtl:MGDA' : `libmtl:MGDA(${normalise})`];
      const theirs = figures.grad as number[];
      if (theirs.every((value) => value !== null)) expect(Math.sqrt(square)).toBeLessThanOrEqual(norm(theirs) + 1e-12);
    },
  );

  test.each(cases.flatMap(([title, one]) => [0.5, 1, 2, 5].map((alpha) => ({ title, one, alpha }))))(
    'fairgrad ($alpha) of $title solves its equation',
    ({ one, alpha }) => {
      const { followed, weights } = weighStep(methodNamed('fairgrad'), { gradients: one.grads, options: { alpha } });
      one.grads.forEach((row, task) => {
        if (norm(row) === 0) return expect(weights[task]).toBe(0);
        expect(product(row, followed) * weights[task] ** (1 / alpha)).toBeCloseTo(1, 7);
      });
    },
  );

  test.each(cases)('dualproj of %s is the nearest step that is against no task', (_, one) => {
    const { followed, weights } = weighStep(methodNamed('dualproj'), { gradients: one.grads });
    const mean = one.grads[0].map((__, k) => one.grads.reduce((total, row) => total + row[k], 0) / one.grads.length);
    one.grads.forEach((row, task) => {
      const gain = product(row, followed) / (norm(row) * norm(mean) || 1);
      expect(gain).toBeGreaterThanOrEqual(-1e-12);
      // Only what would be opposed is added.
      expect(gain * (weights[task] - 1 / one.grads.length)).toBeCloseTo(0, 10);
    });
  });
});

describe('methods that learn', () => {
  test.each(cases)('uncertainty, imtl-l and gradnorm descend as in the figures of %s', (_, one) => {
    const uncertainty = one.methods['libmtl:UW'];
    const sgd = { descent: 'sgd', learningRate: 0.1 };
    const first = weighStep(methodNamed('uncertainty'), { gradients: one.grads, losses: one.losses, options: sgd });
    expectClose((first.state as Learned).values, uncertainty['s_after_sgd_lr0.1']);
    const second = weighStep(methodNamed('uncertainty'), { gradients: one.grads, state: first.state });
    expectClose(second.weights, uncertainty.weights_after);
    const impartial = weighStep(methodNamed('imtl-l'), { gradients: one.grads, losses: one.losses, options: sgd });
    const slopes = one.methods['libmtl:IMTL'].s_grad as number[];
    expectClose(
      (impartial.state as Learned).values,
      slopes.map((slope) => -0.1 * slope),
    );
    const figures = one.methods['libmtl:GradNorm(alpha=1.5)'];
    const normed = weighStep(methodNamed('gradnorm'), {
      gradients: one.grads,
      losses: one.losses,
      history: [figures.initial_losses as number[]],
      options: { descent: 'sgd' },
    });
    expectClose((normed.state as Learned).values, figures['v_after_sgd_lr0.025']);
  });

  test.each(cases)('famo goes on as in the figures of %s', (_, one) => {
    const method = methodNamed('famo');
    let state: unknown;
    for (const step of one.methods['libmtl:FAMO'].steps as FamoStep[]) {
      const weighed = weighStep(method, { gradients: one.grads, losses: step.losses, state });
      expectClose(weighed.weights, step.weights);
      state = method.observe!({
        tasks: one.losses.map(String),
        present: one.losses.map(() => true),
        options: method.options.parse({}),
        state: weighed.state,
        values: step.new_losses,
      });
      expectClose((state as { logits: Learned }).logits.values, step.w_logits_after);
    }
  });

  test.each(cases)('excess-mtl goes on as in the figures of %s', (_, one) => {
    const [, theirs] = one.methods['libmtl:ExcessMTL'].steps as { weights: (number | null)[] }[];
    const first = weighStep(methodNamed('excess-mtl'), { gradients: one.grads });
    expect(first.weights).toEqual(one.losses.map(() => 1));
    const gradients = one.grads.map((row) => row.map((value) => 0.7 * value));
    const { state, memory } = first;
    const second = weighStep(methodNamed('excess-mtl'), { gradients, state, memory, step: 1 });
    if (theirs.weights.includes(null)) expect(second.weights.every(Number.isFinite)).toBe(true);
    else expectClose(second.weights, theirs.weights, 1e-9);
  });

  test.each(cases)('gradvac goes on as in the figures of %s', (_, one) => {
    const figures = one.methods['libmtl:GradVac(beta=0.5,whole)'];
    const taskOrder = one.losses.map((__, task) => task);
    const first = weighStep(methodNamed('gradvac'), { gradients: one.grads, taskOrder });
    // LibMTL adds 1e-8 to the product of norms, which shows beside short gradients.
    expectClose((first.state as number[][]).flat(), (figures.rho_after_step1 as number[][]).flat(), 1e-5);
    const second = weighStep(methodNamed('gradvac'), { gradients: one.grads, taskOrder, state: first.state });
    expect(relativeDistance(second.followed, figures.grad_step2_same_G as number[])).toBeLessThan(1e-6);
    expectClose((second.state as number[][]).flat(), (figures.rho_after_step2 as number[][]).flat(), 1e-5);
  });
});

interface Learned {
  readonly values: readonly number[];
}
interface FamoStep {
  readonly losses: number[];
  readonly weights: number[];
  readonly new_losses: number[];
  readonly w_logits_after: number[];
}

function expectClose(ours: readonly number[], theirs: unknown, tolerance = 1e-6): void {
  const expected = theirs as number[];
  const size = Math.max(...expected.map(Math.abs), 1e-3);
  ours.forEach((value, at) => expect(Math.abs(value - expected[at]) / size).toBeLessThan(tolerance));
}
