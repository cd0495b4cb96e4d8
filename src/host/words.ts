/** Puts a message into the person's language and fills its `{0}`, `{1}` … in. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

const fill: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (whole, position: string) => String(values[Number(position)] ?? whole));

let translator: Translate = fill;

/** Texts are English until this is called; the extension calls it with VS Code's own function. */
export function useTranslator(translate: Translate): void {
  translator = translate;
}

export const t: Translate = (message, ...values) => translator(message, ...values);
