import { agreementOf } from '../../src/relatedness/statistics/agreement';
import type { Agreement, DirectedValues } from '../../src/relatedness/statistics/agreement';
import { cellValue, plural } from '../../src/figures/numbers';

const kept = new WeakMap<object, { readonly other: object; readonly agreement: Agreement }>();

/** How far two matrices of the same tasks put the pairs in the same order; kept as long as the matrices are the same. */
export function matrixAgreement(one: DirectedValues, other: DirectedValues): Agreement {
  const known = kept.get(one.values);
  if (known?.other === other.values) return known.agreement;
  const agreement = agreementOf([one], [other]);
  kept.set(one.values, { other: other.values, agreement });
  return agreement;
}

export interface AgreementText {
  /** The number; empty where there is none. */
  readonly value: string;
  readonly text: string;
}

/** What the panel says of it. */
export function agreementText({ spearman, kendall, pairs }: Agreement): AgreementText {
  const over = `over ${plural(pairs, 'pair')}`;
  if (spearman === null) {
    const why =
      pairs < 3 ? `it takes three pairs with both values, here are ${pairs}` : 'one of them is the same for all';
    return { value: '', text: `The measures cannot be compared: ${why}.` };
  }
  const tau = kendall === null ? '' : `, Kendall ${cellValue(kendall)}`;
  return {
    value: cellValue(spearman),
    text: `${agreementMeaning(spearman)} (Spearman ${over}${tau}; 1 the same order, 0 none, −1 the reverse).`,
  };
}

/** What a rank correlation says of two measures, the start of a sentence. */
export function agreementMeaning(correlation: number): string {
  if (correlation >= 0.7) return 'Both say much the same of which tasks are close';
  if (correlation >= 0.3) return 'They agree in part on which tasks are close';
  if (correlation > -0.3) return 'What one finds close says little of what the other does';
  return 'What one finds close, the other finds far';
}
