import { trainingsMeasuresOf } from '../../relatedness';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { code } from '../wording';
import { error } from './findings';

/** Measures of what training tasks together brings, where they would not be trained together. A start needs no sharing. */
export function checkRelatedness({ relatedness: { measures }, model }: Experiment): Finding[] {
  if (model.sharing.name !== 'single-task') return [];
  const together = trainingsMeasuresOf(measures).filter(({ name }) => name !== 'ordered-transfer');
  return together.map((measure) => {
    const message = `${code(measure.name)} compares tasks that are trained together with each alone, and with \`sharing: single-task\` they share nothing. Choose another sharing, such as \`hard\`, or take the measure out.`;
    return error('measure-needs-sharing', ['relatedness', 'measures', measures.indexOf(measure.name)], message);
  });
}
