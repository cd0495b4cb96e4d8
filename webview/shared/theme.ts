import type { Colour } from '../../src/figures/colour';
import { over, parseColour, withAlpha } from '../../src/figures/colour';
import type { ThemeKind } from '../../src/figures/palette';
import { isDark, isHighContrast } from '../../src/figures/palette';

/** VS Code's colours and font, as numbers for the canvas; the style sheets use the variables themselves. */
export interface Theme {
  readonly kind: ThemeKind;
  readonly background: Colour;
  readonly foreground: Colour;
  /** For what is secondary: axis labels. */
  readonly muted: Colour;
  readonly grid: Colour;
  /** For borders that high contrast asks for; undefined elsewhere. */
  readonly contrastBorder?: Colour;
  readonly focus: Colour;
  readonly tooltipBackground: Colour;
  readonly tooltipForeground: Colour;
  readonly tooltipBorder: Colour;
  readonly font: string;
  /** Pixels. */
  readonly fontSize: number;
  readonly reducedMotion: boolean;
}

/** Reads the theme that is set now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const kind = kindOf(document.body);
  const base: Colour = isDark(kind) ? [30, 30, 30, 1] : [255, 255, 255, 1];
  const variable = (name: string) => parseColour(style.getPropertyValue(`--vscode-${name}`));
  const background = over(variable('editor-background') ?? base, base);
  const plain: Colour = isDark(kind) ? [220, 220, 220, 1] : [40, 40, 40, 1];
  const foreground = over(variable('editor-foreground') ?? variable('foreground') ?? plain, background);
  const contrastBorder = isHighContrast(kind) ? (variable('contrastBorder') ?? foreground) : undefined;
  return {
    kind,
    background,
    foreground,
    muted: over(
      (contrastBorder === undefined ? variable('descriptionForeground') : undefined) ?? withAlpha(foreground, 0.8),
      background,
    ),
    grid: withAlpha(foreground, contrastBorder === undefined ? 0.12 : 0.3),
    ...(contrastBorder === undefined ? {} : { contrastBorder }),
    focus: variable('focusBorder') ?? foreground,
    tooltipBackground: over(variable('editorHoverWidget-background') ?? background, background),
    tooltipForeground: variable('editorHoverWidget-foreground') ?? foreground,
    tooltipBorder: contrastBorder ?? variable('editorHoverWidget-border') ?? withAlpha(foreground, 0.3),
    font: style.getPropertyValue('--vscode-font-family').trim() || style.fontFamily,
    fontSize: parseFloat(style.getPropertyValue('--vscode-font-size')) || 13,
    reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
  };
}

/** Calls back with the new theme whenever VS Code changes it. */
export function watchTheme(changed: (theme: Theme) => void): void {
  const observer = new MutationObserver(() => changed(readTheme()));
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'],
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}

function kindOf(body: HTMLElement): ThemeKind {
  const kind = body.dataset.vscodeThemeKind ?? body.className;
  if (kind.includes('high-contrast-light')) return 'high-contrast-light';
  if (kind.includes('high-contrast')) return 'high-contrast-dark';
  return kind.includes('light') ? 'light' : 'dark';
}
