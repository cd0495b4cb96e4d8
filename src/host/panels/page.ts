import { randomBytes } from 'node:crypto';

export interface Page {
  readonly title: string;
  /** Addresses as a webview may load them. */
  readonly script: string;
  readonly styles: readonly string[];
  /** The webview's own source, for the content security policy. */
  readonly source: string;
  /** Of the person's VS Code, such as `en`. */
  readonly language: string;
}

/** The hash of an empty text: the controls' library tries out what the browser can do with a style element that is empty. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** The page of a panel: one script, let in by its nonce; styles and fonts of the extension; nothing from outside. */
export function panelPage({ title, script, styles, source, language }: Page): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} ${emptyStyle}`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    // A search that takes long is done by a worker, which the page starts from its own text.
    `worker-src blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    ${styles.map((style) => `<link rel="stylesheet" href="${escaped(style)}">`).join('\n    ')}
    <title>${escaped(title)}</title>
  </head>
  <body>
    <main id="root"></main>
    <script nonce="${nonce}" src="${escaped(script)}"></script>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
