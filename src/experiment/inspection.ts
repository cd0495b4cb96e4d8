import type { MeasureEstimate } from './measureEstimate';
import type { Finding } from './problem';
import type { TableSummary } from './tableSummary';

/** Asks what is to be said of the data that an experiment file names. */
export interface InspectionRequest {
  readonly id: number;
  /** The whole experiment file, as it is in the editor. */
  readonly text: string;
  /** Where relative file names start. */
  readonly folder: string;
}

/** The answer to the request with the same id. */
export interface InspectionResponse {
  readonly id: number;
  /**
   * What is wrong or odd about the data; `placeFindings` says where. Empty where the file itself has errors, which
   * `checkExperiment` finds.
   */
  readonly findings: readonly Finding[];
  /** The tables that could be read; also where the rest of the file has errors, so that completion knows them. */
  readonly tables: readonly TableSummary[];
  /** What the measures of relatedness are about to cost; absent where anything is wrong with the data. */
  readonly costs?: readonly MeasureEstimate[];
}
