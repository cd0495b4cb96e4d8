import { experimentJsonSchema } from '../../experiment/jsonSchema';
import type { Command } from '../command';
import { exitCodes } from '../errors';
import { printJson } from '../terminal';

export const schemaCommand: Command<object> = {
  name: 'schema',
  takes: '',
  summary: 'Print the JSON Schema of experiment files',
  examples: [['mtl schema > mtl.schema.json', 'For editors that take a JSON Schema for YAML']],
  positionals: {},
  options: {},
  async run() {
    printJson(experimentJsonSchema());
    return exitCodes.success;
  },
};
