/** What ends a run as failed, besides what is wrong with the experiment. */
export class TrainingError extends Error {
  constructor(
    readonly code: 'loss-not-finite' | 'engine-not-available' | 'data-changed',
    message: string,
    readonly where: { readonly step?: number; readonly task?: string } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TrainingError';
  }
}
