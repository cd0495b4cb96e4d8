/**
 * What the editor's host and the process that inspects data for it say to each other, by the messages of
 * `child_process.fork`: every request gets one response, in order. The process ends when its channel does.
 */
export type {
  InspectionRequest as InspectorRequest,
  InspectionResponse as InspectorResponse,
} from '../experiment/inspection';
