import type { Mapping } from '../branch';
import type { Finding } from '../problem';
import type { Experiment } from '../schema';
import { checkBaseline } from './baseline';
import { checkColumns } from './columns';
import { checkData } from './data';
import { checkModel } from './model';
import { checkRelatedness } from './relatedness';
import { tablesOf } from './tables';
import { checkTasks } from './tasks';
import { checkTraining } from './training';

/**
 * Where an experiment of the right form makes no sense, as far as can be told without reading data.
 * @param written The file's plain values, without defaults: what is said of a key only counts where it is written.
 */
export function checkMeaning(experiment: Experiment, written: Mapping): Finding[] {
  const tables = tablesOf(experiment);
  return [
    ...tables.flatMap(({ data, path }) => checkData(data, path)),
    ...tables.flatMap(checkColumns),
    ...checkTasks(experiment, written),
    ...checkModel(experiment),
    ...checkTraining(experiment, tables),
    ...checkRelatedness(experiment, tables),
    ...checkBaseline(experiment),
  ];
}
