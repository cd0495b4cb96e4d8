/** What comes on top of training: `≈ 0`, `< 0.1 %`, `≈ +3 %`. @param share Of training, 0.03 being 3 per cent. */
export function shortOf(share: number): string {
  if (share === 0) return '≈ 0';
  return share < 0.001 ? '< 0.1 %' : `≈ +${percentText(share)}`;
}

/** Such as `3 %`, `0.4 %`, `260 %`. */
function percentText(share: number): string {
  const percent = 100 * share;
  return `${Number(percent.toPrecision(percent < 100 ? 2 : 3))} %`;
}

/** Such as `940`, `3.2 million`. */
export function countText(count: number): string {
  const [unit, word] = (
    [
      [1e12, ' trillion'],
      [1e9, ' billion'],
      [1e6, ' million'],
      [1, ''],
    ] as const
  ).find(([size]) => count >= size) ?? [1, ''];
  const value = count / unit;
  return `${unit === 1 ? Math.round(value) : Number(value.toPrecision(2))}${word}`;
}

/** Said where there are several networks. */
export function acrossNetworks(measuring: number): string {
  return `In all ${measuring} networks of several tasks that \`groups\` asks for, against the training of all networks.`;
}
