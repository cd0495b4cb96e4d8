import type { Measuring } from '../../runs/summary';
import { t } from '../words';

/** Such as `measuring pair-gain: 12 of 28 trainings`. */
export function measuringText({ measures, done, total }: Measuring): string {
  return t('measuring {0}: {1} of {2} trainings', measures.join(', '), done, total);
}
