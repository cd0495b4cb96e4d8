/** The positions that hold each value, by ascending value. */
export function membersOf(values: Int32Array): Uint32Array[] {
  const sizes = new Uint32Array(values.reduce((most, value) => Math.max(most, value), -1) + 1);
  for (const value of values) sizes[value]++;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  values.forEach((value, position) => (members[value][sizes[value]++] = position));
  return members.filter(({ length }) => length > 0);
}
