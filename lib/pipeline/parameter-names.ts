/** Parameters by their full names: `train.lambda` -> 0.3. */
type Parameters = Readonly<Record<string, unknown>>;

/** Of names such as `train.lambda` the last word where that tells it from the others; else all of it. */
export function shortNames(names: readonly string[]): readonly string[] {
  const last = names.map((name) => name.slice(name.lastIndexOf('.') + 1));
  return names.map((name, index) => {
    const short = last[index] ?? name;
    return last.filter((other) => other === short).length > 1 ? name : short;
  });
}

/** The names of those that are not the same everywhere, in the order in which they are first named. */
export function varyingNames(all: readonly Parameters[]): readonly string[] {
  const names = [...new Set(all.flatMap((parameters) => Object.keys(parameters)))];
  return names.filter(
    (name) => new Set(all.map((parameters) => JSON.stringify(parameters[name]))).size > 1,
  );
}

/** Those of some names, as far as they are there. */
export function picked(parameters: Parameters, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(parameters, name)).map((name) => [name, parameters[name]]),
  );
}
