import { isMapping } from '../experiment/branch';
import type { Mapping } from '../experiment/branch';
import { checkExperiment, plainValue } from '../experiment/check';
import { dataSchema } from '../experiment/dataSchema';
import { readDocument } from '../experiment/document';
import type { InspectionRequest, InspectionResponse } from '../experiment/inspection';
import type { Path } from '../experiment/problem';
import type { TableSummary } from '../experiment/tableSummary';
import { previewExperiment } from './preview';
import { createLoader } from '../data/read/loader';
import type { TableCache } from '../data/read/loader';
import { summarise } from '../data/summary';

/** Answers one request of the editor. */
export async function inspect({ id, text, folder }: InspectionRequest, cache: TableCache): Promise<InspectionResponse> {
  const { experiment } = checkExperiment(text);
  if (experiment) return { id, ...(await previewExperiment(experiment, folder, cache)) };
  return { id, findings: [], tables: await readableTables(text, folder, cache) };
}

/** The tables of a file that is being written: its data objects may be whole although the file is not. */
async function readableTables(text: string, folder: string, cache: TableCache): Promise<TableSummary[]> {
  const read = plainValue(readDocument(text));
  if ('failure' in read || !isMapping(read.value)) return [];
  const loader = createLoader(folder, cache);
  const tables: TableSummary[] = [];
  for (const { value, path } of dataObjects(read.value)) {
    const data = dataSchema.safeParse(value);
    const { table } = data.success ? await loader.load(data.data, path) : {};
    if (table) tables.push(summarise(table, path));
  }
  return tables;
}

function dataObjects({ data, tasks }: Mapping): { readonly value: unknown; readonly path: Path }[] {
  const own = isMapping(tasks) ? Object.entries(tasks) : [];
  return [
    { value: data, path: ['data'] },
    ...own.flatMap(([name, task]) => (isMapping(task) ? [{ value: task.data, path: ['tasks', name, 'data'] }] : [])),
  ].filter(({ value }) => value !== undefined);
}
