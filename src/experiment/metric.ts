/** Kinds of tasks; what a metric can be computed for. */
export const taskKinds = ['regression', 'binary', 'multiclass'] as const;

interface Metric {
  readonly description: string;
  readonly higherIsBetter: boolean;
  readonly kinds: readonly (typeof taskKinds)[number][];
}

const regression = ['regression'] as const;
const classification = ['binary', 'multiclass'] as const;

/** Every metric that early stopping can watch, and which kinds of tasks have it. */
export const metrics = {
  loss: { description: 'The loss that training minimises.', higherIsBetter: false, kinds: taskKinds },
  mse: {
    description: 'Mean squared error, in squared units of the target.',
    higherIsBetter: false,
    kinds: regression,
  },
  mae: { description: 'Mean absolute error, in units of the target.', higherIsBetter: false, kinds: regression },
  rmse: {
    description: 'Root of the mean squared error, in units of the target.',
    higherIsBetter: false,
    kinds: regression,
  },
  r2: {
    description: 'Coefficient of determination: 1 is perfect, 0 is as good as the mean.',
    higherIsBetter: true,
    kinds: regression,
  },
  explainedVariance: {
    description: 'Share of the variance of the target that is explained; unlike `r2` it forgives a constant offset.',
    higherIsBetter: true,
    kinds: regression,
  },
  crossEntropy: {
    description: 'Mean negative log-likelihood of the true class, in nats.',
    higherIsBetter: false,
    kinds: classification,
  },
  accuracy: { description: 'Share of rows whose class is right.', higherIsBetter: true, kinds: classification },
  macroF1: {
    description: 'Mean over classes of the harmonic mean of precision and recall.',
    higherIsBetter: true,
    kinds: classification,
  },
  auc: {
    description:
      'Area under the ROC curve: the chance that a positive row is ranked above a negative one. Of several classes, the mean of each against the rest.',
    higherIsBetter: true,
    kinds: classification,
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** Whether a metric's higher value is the better one. */
export const higherIsBetter = Object.fromEntries(
  metricNames.map((name) => [name, metrics[name].higherIsBetter]),
) as Readonly<Record<MetricName, boolean>>;

/** The metrics that tasks of these kinds have, in the order of the table. */
export function metricsOf(kinds: readonly (typeof taskKinds)[number][]): MetricName[] {
  return metricNames.filter((name) => metrics[name].kinds.some((kind) => kinds.includes(kind)));
}
