const symbols: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  eta: 'η',
  theta: 'θ',
  lambda: 'λ',
  mu: 'μ',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  Gamma: 'Γ',
  Omega: 'Ω',
  odot: '⊙',
  xi: 'ξ',
  pi: 'π',
  Pi: 'Π',
  Lambda: 'Λ',
  nabla: '∇',
  sum: 'Σ',
  prod: 'Π',
  in: '∈',
  cdot: '·',
  times: '×',
  le: '≤',
  ge: '≥',
  ne: '≠',
  leq: '≤',
  geq: '≥',
  approx: '≈',
  leftarrow: '←',
  rightarrow: '→',
  to: '→',
  infty: '∞',
  partial: '∂',
  lVert: '‖',
  lvert: '|',
  langle: '⟨',
  rangle: '⟩',
  top: 'ᵀ',
  ldots: '…',
  dots: '…',
  quad: ' ',
};
const accents: Readonly<Record<string, string>> = { hat: '\u0302', bar: '\u0304', tilde: '\u0303' };
/** What stands around what is in braces, and so comes last. */
const nested: ReadonlySet<string> = new Set(['frac', 'sqrt']);
const raised = new Map([...'0123456789+-n'].map((character, index) => [character, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ'][index]]));
const lowered = new Map(
  [...'0123456789aehijklmnoprstuvx'].map((character, index) => [character, [...'₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ'][index]]),
);

/** Markdown whose TeX formulas are written in plain characters, for places that do not typeset formulas. */
export function withPlainFormulas(markdown: string): string {
  return markdown.replace(/\$([^$]+)\$/g, (_, formula: string) => `\`${plainFormula(formula)}\``);
}

/** A TeX formula in plain characters: `\frac{a}{b}` as `a / b`, `w_t` as `wₜ`. Knows what the method tables use. */
export function plainFormula(formula: string): string {
  let text = formula;
  text = text.replace(/\\(?:text|mathrm|operatorname|mathbf)\{([^{}]*)\}/g, '$1');
  text = text.replace(/\\(hat|bar|tilde)\s*(?:\{(\w)\}|(\w))/g, (_, accent: string, braced?: string, bare?: string) => {
    return `${braced ?? bare}${accents[accent]}`;
  });
  text = text.replace(/\\(?:left|right|!|,|;|:)(?![a-zA-Z])/g, ' ').replace(/\\\|/g, '‖');
  text = text.replace(/\s*\\rVert\s*/g, '‖ ').replace(/\s*\\rvert\s*/g, '| ');
  text = text.replace(/\\(lVert|lvert|langle)\s*/g, (_, name: string) => symbols[name]);
  text = text.replace(/\\([a-zA-Z]+)/g, (macro, name: string) => (nested.has(name) ? macro : (symbols[name] ?? name)));
  text = scripts(text);
  text = innermost(text, /\\sqrt\{([^{}]*)\}|\\frac\{([^{}]*)\}\{([^{}]*)\}/, (root, over, under) =>
    root === undefined ? `${grouped(over!)} / ${grouped(under!)}` : `√(${root})`,
  );
  return text.replace(/[{}]/g, '').replace(/ {2,}/g, ' ').trim();
}

function innermost(text: string, pattern: RegExp, replace: (...groups: (string | undefined)[]) => string): string {
  let [before, after] = ['', text];
  while (before !== after) {
    before = after;
    after = before.replace(pattern, (_, ...groups: (string | undefined)[]) => replace(...groups));
  }
  return after;
}

function scripts(text: string): string {
  return text.replace(/([_^])(?:\{([^{}]*)\}|(.))/gu, (_, sign: string, braced?: string, single?: string) => {
    const inside = braced ?? single ?? '';
    if (inside === 'ᵀ') return inside;
    const table = sign === '^' ? raised : lowered;
    const characters = [...inside].map((character) => table.get(character));
    if (characters.every((character) => character !== undefined)) return characters.join('');
    return braced === undefined ? `${sign}${inside}` : `${sign}(${inside})`;
  });
}

function grouped(part: string): string {
  return /[\s+\-/]/.test(part.trim()) ? `(${part.trim()})` : part.trim();
}
