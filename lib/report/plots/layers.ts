/** A place in a layer: a stage's box, or where a line passes that goes on to a later layer. */
export interface Place {
  readonly layer: number;
  /** Undefined where a line passes. */
  readonly stage: string | undefined;
}

export interface Arranged {
  /** From left to right; within each from top to bottom. */
  readonly layers: readonly (readonly Place[])[];
  /** Between places of neighbouring layers. */
  readonly links: readonly Link[];
}

interface Link {
  readonly from: Place;
  readonly to: Place;
}

export interface Vertex {
  readonly name: string;
  readonly needs: readonly string[];
}

const SWEEPS = 8;

/**
 * Sets the vertices of an acyclic graph in layers, each behind all that it needs, and orders each layer
 * so that few lines cross: by the mean place of the neighbours, swept to and fro (Sugiyama, Tagawa and
 * Toda 1981). What several later layers read of one vertex shares one line. The same input gives the
 * same picture: only sums, quotients and comparisons decide, and ties stay in the order given.
 *
 * @param vertices in an order in which each stands behind those that it needs; others do not count
 */
export function arrange(vertices: readonly Vertex[]): Arranged {
  const boxes = new Map<string, Place>();
  for (const { name, needs } of vertices) {
    const before = needs.flatMap((need) => boxes.get(need)?.layer ?? []);
    boxes.set(name, { layer: Math.max(-1, ...before) + 1, stage: name });
  }
  const count = Math.max(-1, ...[...boxes.values()].map(({ layer }) => layer)) + 1;
  let layers: Place[][] = Array.from({ length: count }, (_, layer) =>
    [...boxes.values()].filter((place) => place.layer === layer),
  );
  const links: Link[] = [];
  for (const { name } of vertices) {
    const source = boxes.get(name);
    const readers = vertices
      .filter(({ needs }) => needs.includes(name))
      .map((one) => boxes.get(one.name));
    const far = Math.max(0, ...readers.map((reader) => reader?.layer ?? 0));
    let from = source;
    for (let layer = (source?.layer ?? 0) + 1; layer <= far && from !== undefined; layer += 1) {
      for (const to of readers) if (to?.layer === layer) links.push({ from, to });
      if (layer === far) break;
      const passing: Place = { layer, stage: undefined };
      layers[layer]?.push(passing);
      links.push({ from, to: passing });
      from = passing;
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    layers = layers.map((layer) => [...layer]);
    const order = forwards ? layers.keys() : [...layers.keys()].reverse();
    for (const index of order) {
      const beside = layers[forwards ? index - 1 : index + 1];
      if (beside !== undefined) layers[index] = byNeighbours(layers[index] ?? [], beside, links);
    }
  }
  return { layers, links };
}

/** Places by the mean place of their neighbours in the layer beside; those without stay where they are. */
function byNeighbours(
  layer: readonly Place[],
  beside: readonly Place[],
  links: readonly Link[],
): Place[] {
  const wish = (place: Place, index: number): number => {
    const at = links
      .flatMap(({ from, to }) => (from === place ? [to] : to === place ? [from] : []))
      .map((neighbour) => beside.indexOf(neighbour))
      .filter((position) => position >= 0);
    if (at.length === 0) return index + (beside.length - layer.length) / 2;
    return at.reduce((sum, position) => sum + position, 0) / at.length;
  };
  return layer
    .map((place, index) => ({ place, wish: wish(place, index), index }))
    .sort((a, b) => a.wish - b.wish || a.index - b.index)
    .map(({ place }) => place);
}
