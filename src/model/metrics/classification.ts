/** Labelled rows of a classification task. Binary tasks have one logit per row, others one per class. */
export interface Classification {
  /** rows x width, row-major. */
  readonly logits: ArrayLike<number>;
  /** Class index per row; for binary tasks 1 is the positive class. */
  readonly actual: ArrayLike<number>;
}

export interface ClassificationMetrics {
  /** Mean negative logarithm of the probability given to the true class. */
  readonly crossEntropy: number;
  /** Share of rows whose most probable class is the true one. */
  readonly accuracy: number;
  /** Mean F1 over the classes that occur, be it as truth or as prediction. */
  readonly macroF1: number;
  /** Area under the receiver operating characteristic; absent where only one class occurs. */
  readonly auc?: number;
}

/** Metrics of a two-class task; nothing where there is no row. */
export function binaryMetrics({ logits, actual }: Classification): ClassificationMetrics | undefined {
  const count = actual.length;
  if (count === 0) return undefined;
  let loss = 0;
  const predicted = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const logit = logits[row];
    loss += Math.max(logit, 0) - logit * actual[row] + Math.log1p(Math.exp(-Math.abs(logit)));
    predicted[row] = logit > 0 ? 1 : 0;
  }
  return {
    crossEntropy: loss / count,
    ...confusionMetrics(predicted, actual, 2),
    ...optional(areaUnderCurve(logits, actual)),
  };
}

/** Metrics of a task of several classes; the AUC is the mean of each class against the rest. */
export function multiclassMetrics(
  { logits, actual }: Classification,
  classes: number,
): ClassificationMetrics | undefined {
  const count = actual.length;
  if (count === 0) return undefined;
  let loss = 0;
  const predicted = new Uint32Array(count);
  const probabilities = Array.from({ length: classes }, () => new Float64Array(count));
  for (let row = 0; row < count; row++) {
    const offset = row * classes;
    let best = 0;
    for (let candidate = 1; candidate < classes; candidate++) {
      if (logits[offset + candidate] > logits[offset + best]) best = candidate;
    }
    const highest = logits[offset + best];
    let total = 0;
    for (let candidate = 0; candidate < classes; candidate++) {
      total += probabilities[candidate][row] = Math.exp(logits[offset + candidate] - highest);
    }
    for (const column of probabilities) column[row] /= total;
    loss += Math.log(total) - (logits[offset + actual[row]] - highest);
    predicted[row] = best;
  }
  return {
    crossEntropy: loss / count,
    ...confusionMetrics(predicted, actual, classes),
    ...optional(oneAgainstRest(probabilities, actual)),
  };
}

/**
 * Probability that a row of the positive class (1) scores higher than one of the other, ties counting half (Hanley
 * and McNeil, 1982). NaN where only one class occurs.
 */
export function areaUnderCurve(scores: ArrayLike<number>, actual: ArrayLike<number>): number {
  const count = actual.length;
  const order = Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => scores[a] - scores[b]);
  let positives = 0;
  let rankSum = 0;
  for (let first = 0; first < count;) {
    let last = first;
    while (last + 1 < count && scores[order[last + 1]] === scores[order[first]]) last++;
    const rank = (first + last) / 2 + 1;
    for (; first <= last; first++) {
      if (actual[order[first]] !== 1) continue;
      positives++;
      rankSum += rank;
    }
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (count - positives));
}

function oneAgainstRest(probabilities: readonly Float64Array[], actual: ArrayLike<number>): number {
  const areas = probabilities
    .map((scores, candidate) =>
      areaUnderCurve(
        scores,
        Uint8Array.from(actual, (label) => (label === candidate ? 1 : 0)),
      ),
    )
    .filter((area) => !Number.isNaN(area));
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function confusionMetrics(predicted: ArrayLike<number>, actual: ArrayLike<number>, classes: number) {
  const truths = new Uint32Array(classes);
  const guesses = new Uint32Array(classes);
  const hits = new Uint32Array(classes);
  for (let row = 0; row < actual.length; row++) {
    truths[actual[row]]++;
    guesses[predicted[row]]++;
    if (actual[row] === predicted[row]) hits[actual[row]]++;
  }
  let correct = 0;
  let scores = 0;
  let occurring = 0;
  for (let label = 0; label < classes; label++) {
    correct += hits[label];
    if (truths[label] + guesses[label] === 0) continue;
    occurring++;
    scores += (2 * hits[label]) / (truths[label] + guesses[label]);
  }
  return { accuracy: correct / actual.length, macroF1: scores / occurring };
}

function optional(auc: number): { auc?: number } {
  return Number.isNaN(auc) ? {} : { auc };
}
