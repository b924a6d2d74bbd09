import { Damage } from './damage.ts';

/**
 * A table of a flatbuffer, read with every offset and length checked. Arrow's own decoder believes
 * them, and reads 0 beyond the end: one flipped bit makes it loop four thousand million times. Here a
 * DataView refuses what is outside, and a vector must fit into the bytes that there are.
 *
 * Fields are asked for by their number in Arrow's .fbs files.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  has(field: number): boolean {
    return this.#field(field) !== undefined;
  }

  uint8(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  int16(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#view.getInt16(at, true);
  }

  int32(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : this.#view.getInt32(at, true);
  }

  /** A 64-bit integer that is a length or a place in a file. */
  int64(field: number): number {
    const at = this.#field(field);
    return at === undefined ? 0 : size(this.#view, at);
  }

  text(field: number): string {
    const at = this.#followed(field);
    if (at === undefined) return '';
    const { start, length } = this.#vector(at, 1);
    return decodeText(new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length));
  }

  table(field: number): FlatTable | undefined {
    const at = this.#followed(field);
    return at === undefined ? undefined : new FlatTable(this.#view, at);
  }

  /** @throws Damage where there are more than `most`: many that are one and the same would never end */
  tables(field: number, most: number): readonly FlatTable[] {
    return this.#items(
      field,
      4,
      most,
      (at) => new FlatTable(this.#view, at + this.#view.getUint32(at, true)),
    );
  }

  /** A vector of structs of 64-bit numbers: `width` of them each. */
  structs(field: number, width: number): readonly (readonly number[])[] {
    return this.#items(field, width * 8, Infinity, (at) =>
      Array.from({ length: width }, (_, index) => size(this.#view, at + index * 8)),
    );
  }

  #items<Item>(
    field: number,
    bytes: number,
    most: number,
    read: (at: number) => Item,
  ): readonly Item[] {
    const at = this.#followed(field);
    if (at === undefined) return [];
    const { start, length } = this.#vector(at, bytes);
    if (length > most) throw new Damage('a list in its description is longer than any');
    return Array.from({ length }, (_, index) => read(start + index * bytes));
  }

  #vector(at: number, bytes: number): { start: number; length: number } {
    const length = this.#view.getUint32(at, true);
    const start = at + 4;
    if (start + length * bytes > this.#view.byteLength) {
      throw new Damage('a list in its description is longer than the description');
    }
    return { start, length };
  }

  /** Where the field's offset leads. */
  #followed(field: number): number | undefined {
    const at = this.#field(field);
    return at === undefined ? undefined : at + this.#view.getUint32(at, true);
  }

  /** Where the field stands; nothing where it was left at its default. */
  #field(field: number): number | undefined {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + 2 * field;
    if (entry >= this.#view.getUint16(vtable, true)) return undefined;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? undefined : this.#at + offset;
  }
}

/** UTF-8 that must be valid, a leading byte order mark included. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function size(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true));
  if (value < 0 || value > Number.MAX_SAFE_INTEGER) {
    throw new Damage('a length in its description cannot be');
  }
  return value;
}
