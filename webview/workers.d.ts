/** The bundled script of a worker as a text; scripts/inlineWorkers.mjs makes it. */
declare module 'worker:*' {
  export const script: string;
}
